import type { FastifyInstance } from 'fastify';
import { didYouMean } from '../../input/nearest.js';
import type { Asking } from './asking.js';
import type { GivenAnswer, NotLabelled } from './given-answers.js';
import type { ServingRecord } from './record.js';
import { BadRequest } from './tensors.js';

const MOST_LABELS = 1000;
const STATUS: Readonly<Record<NotLabelled, number>> = { unknown: 404, gone: 410, labelled: 409 };
const WHY: Readonly<Record<NotLabelled, string>> = {
  unknown: 'this server gave no answer of that id; ids are in answer_ids of an answer, and end with the server',
  gone: 'that answer was given too long ago; the last 100,000 are kept, for a day',
  labelled: 'that answer has its label already',
};

/**
 * `POST /v1/labels`: what an answer should have been, as `{ id, label }` or `{ labels: [{ id, label }, …] }`; a label is the index of a
 * class, or its name. Either all are taken or, if one is wrong, none.
 */
export function labelRoutes(server: FastifyInstance, asking: Asking, record: ServingRecord): void {
  server.post<{ Body: Buffer | undefined }>('/v1/labels', (request, reply) => {
    const found = new Map<string, { answer: GivenAnswer; right: boolean }>();
    for (const [i, { id, label }] of readLabels(request.body).entries()) {
      const place = `labels[${i}]`;
      if (typeof id !== 'string') throw new BadRequest(`${place}.id must be the id of an answer, not ${JSON.stringify(id)}`);
      const answer = found.has(id) ? 'labelled' : asking.given.find(id);
      if (typeof answer === 'string') return reply.code(STATUS[answer]).send({ error: `${place}: ${JSON.stringify(id.slice(0, 64))}: ${WHY[answer]}; no label was taken` });
      found.set(id, { answer, right: classOf(label, answer, asking, place) === answer.label });
    }
    for (const [id, { answer, right }] of found) {
      asking.given.take(id);
      record.labelled(asking.names[answer.app], right);
      asking.executor.labelled(answer.by, right);
    }
    return { labelled: found.size, right: [...found.values()].filter(({ right }) => right).length };
  });
}

function readLabels(body: Buffer | undefined): { id?: unknown; label?: unknown }[] {
  let value: unknown;
  try {
    value = JSON.parse((body ?? Buffer.alloc(0)).toString());
  } catch (error) {
    throw new BadRequest(`the body is not JSON: ${(error as Error).message}`);
  }
  const list = typeof value === 'object' && value !== null && 'labels' in value ? value.labels : [value];
  if (!Array.isArray(list) || list.length === 0 || !list.every((one) => typeof one === 'object' && one !== null)) throw new BadRequest('the body must be { "id": …, "label": … } or { "labels": [{ "id": …, "label": … }, …] }');
  if (list.length > MOST_LABELS) throw new BadRequest(`a request has at most ${MOST_LABELS} labels, not ${list.length}`);
  return list as { id?: unknown; label?: unknown }[];
}

function classOf(label: unknown, { app, classes }: GivenAnswer, { executor, names }: Asking, place: string): number {
  if (typeof label === 'number' && Number.isInteger(label) && label >= 0 && label < classes) return label;
  const { labels } = executor.models.find((model, lane) => model !== undefined && executor.control.laneSpecs[lane].app === app) ?? {};
  const index = typeof label === 'string' ? (labels?.indexOf(label) ?? -1) : -1;
  if (index >= 0) return index;
  const near = typeof label === 'string' && labels !== undefined ? didYouMean(label, labels) : '';
  throw new BadRequest(`${place}.label must be the index of a class of ${names[app]}, 0 to ${classes - 1}${labels === undefined ? '' : ', or its name'}, not ${JSON.stringify(label) ?? 'left out'}${near}; no label was taken`);
}
