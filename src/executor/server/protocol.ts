import type { FastifyInstance } from 'fastify';
import type { ModelSpec } from '../engines/engine.js';
import type { Asking } from './asking.js';
import { readInferRequest, writeInferAnswer } from './tensors.js';

const VERSION = '1';
const JSON_LENGTH = 'inference-header-content-length';

type Named = { Params: { name: string } };

/** Health, which load balancers ask without a token. */
export function healthRoutes(server: FastifyInstance, { executor }: Asking): void {
  server.get('/v2/health/live', (_request, reply) => reply.code(executor.failure === undefined ? 200 : 503).send({ live: executor.failure === undefined }));
  server.get('/v2/health/ready', (_request, reply) => reply.code(executor.isReady() ? 200 : 503).send({ ready: executor.isReady() }));
}

/** The Open Inference Protocol, version 2. Each app is a model of that name. */
export function protocolRoutes(server: FastifyInstance, asking: Asking, mostImages: number): void {
  const { executor } = asking;
  server.get('/v2', () => ({ name: 'corun', version: VERSION, extensions: ['binary_tensor_data'] }));
  for (const path of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    server.get<Named>(path, ({ params: { name } }, reply) => {
      const found = asking.find(name, reply);
      if (found === undefined) return reply;
      const { input, output, labels } = found.model;
      const told = ({ name: tensor, datatype, shape }: ModelSpec['input']) => ({ name: tensor, datatype, shape: [-1, ...shape] });
      return { name, versions: [VERSION], platform: 'tensorflowjs', inputs: [told(input)], outputs: [told(output)], ...(labels && { parameters: { labels } }) };
    });
    server.get<Named>(`${path}/ready`, ({ params: { name } }, reply) => (asking.find(name, reply) === undefined ? reply : reply.code(executor.isReady() ? 200 : 503).send({ name, ready: executor.isReady() })));
    server.post<Named & { Body: Buffer | undefined }>(`${path}/infer`, async ({ params: { name }, body, headers }, reply) => {
      const found = asking.find(name, reply);
      if (found === undefined) return reply;
      const length = headers[JSON_LENGTH];
      const request = readInferRequest(body ?? Buffer.alloc(0), length === undefined ? undefined : Number(length), found.model, mostImages);
      const sloMs = asking.sloOf(headers['x-slo-ms'], found.app);
      if (!asking.admit(found.app, request.images.length, sloMs, reply)) return reply;
      const answers = await asking.ask(found.app, request.images, sloMs, reply, asking.bornOf(headers['x-corun-sent-ms']));
      if (answers === undefined) return reply;
      const { body: answer, jsonBytes } = writeInferAnswer(name, found.model, request, answers);
      if (jsonBytes !== undefined) reply.header(JSON_LENGTH, jsonBytes);
      return reply.type(jsonBytes === undefined ? 'application/json' : 'application/octet-stream').send(answer);
    });
  }
}
