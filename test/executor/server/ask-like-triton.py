"""Asks a server with NVIDIA's client. Prints what it was told, as JSON, for the test to look at."""

import json
import sys

import numpy
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

client = InferenceServerClient(url=sys.argv[1])


def infer(label, binary, datatype, images=2):
    of = {"UINT8": numpy.uint8, "FP32": numpy.float32}[datatype]
    tensor = InferInput("input", [images, 8, 8, 3], datatype)
    tensor.set_data_from_numpy(numpy.full((images, 8, 8, 3), label, of), binary_data=binary)
    answer = client.infer("a", [tensor], request_id=str(label), outputs=[InferRequestedOutput("probabilities", binary_data=binary)])
    scores = answer.as_numpy("probabilities")
    return {"id": answer.get_response()["id"], "shape": list(scores.shape), "labels": scores.argmax(axis=1).tolist()}


def refused(model):
    try:
        client.get_model_metadata(model)
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}
    return None


metadata = client.get_model_metadata("a")
print(
    json.dumps(
        {
            "live": client.is_server_live(),
            "ready": client.is_server_ready(),
            "model_ready": client.is_model_ready("a"),
            "server": client.get_server_metadata(),
            "inputs": metadata["inputs"],
            "outputs": metadata["outputs"],
            "json": infer(3, False, "UINT8"),
            "binary": infer(5, True, "UINT8"),
            "binary_fp32": infer(7, True, "FP32"),
            "refused": refused("b"),
        }
    )
)
