import { Type, type TSchema } from '@sinclair/typebox';
import { delays } from '../trace/network/delays.js';

const closed = { additionalProperties: false } as const;

const delayFields = Object.fromEntries(Object.values(delays).map(({ name, options }) => [name, Type.Optional(options as TSchema)]));

/** One link in one direction: at most one bottleneck, at most one law of delay, at least one of the two. */
export const linkSchema = (description: string) =>
  Type.Object(
    {
      ...delayFields,
      rate_mbps: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'bytes pass at this rate, in millions of bits per second, before the delay', examples: [20] })),
      trace: Type.Optional(
        Type.String({ minLength: 1, description: 'bytes pass as recorded, before the delay: path of a file in mahimahi’s format, relative to the scenario', examples: ['data/cell.up'] }),
      ),
      start: Type.Optional(
        Type.Union([Type.Literal('beginning'), Type.Literal('random')], {
          description: 'where in its recording a link is when the run begins; random: each phone, cell or site elsewhere, and in each replication anew. Default beginning',
        }),
      ),
      queue_packets: Type.Optional(
        Type.Integer({ minimum: 1, description: 'a message that finds so many packets of 1,500 bytes waiting before the link is lost; no limit if left out', examples: [250] }),
      ),
    },
    { ...closed, description },
  );

const up = Type.Optional(linkSchema('from the clients'));
const down = Type.Optional(linkSchema('to the clients'));

export const NetworkSchema = Type.Object(
  {
    up,
    down,
    symmetric: Type.Optional(Type.Boolean({ description: 'instead of down: an answer takes the same link back, and its delay is exactly that of its request on the way up' })),
    cells: Type.Optional(
      Type.Record(Type.String(), Type.Object({ up, down }, { ...closed, description: 'the links of one cell' }), { description: 'links of single cells, by name, where they differ from up and down' }),
    ),
    between_sites: Type.Optional(linkSchema('from each site to each other one, for stages in different places; no time if left out')),
  },
  { ...closed, default: {}, description: 'links between clients and sites; no delay if left out' },
);

export const SiteNetworkSchema = Type.Object(
  { up: Type.Optional(linkSchema('to the site')), down: Type.Optional(linkSchema('from the site')) },
  { ...closed, description: 'the site’s own links, shared by all who use it and passed in addition to those of the clients' },
);

export const ImageSchema = Type.Object(
  {
    width: Type.Integer({ minimum: 1, description: 'pixels', examples: [640] }),
    height: Type.Integer({ minimum: 1, description: 'pixels', examples: [480] }),
    encoding: Type.Optional(
      Type.Union([Type.Literal('jpeg'), Type.Literal('webp'), Type.Literal('png'), Type.Literal('raw')], { default: 'jpeg', description: 'how it is packed for the way' }),
    ),
    quality: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 75, description: 'of JPEG and WebP' })),
  },
  { ...closed, description: 'the image of a request, from which the bytes on the way up follow' },
);

/** What a workload says about its phones and what they send. */
export const payloadFields = {
  cell: Type.Optional(Type.String({ minLength: 1, description: 'the phones of all apps with the same cell share one uplink and one downlink; without it each phone has links of its own', examples: ['north'] })),
  image: Type.Optional(ImageSchema),
  upload_bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'bytes of a request on its way up, instead of image', examples: [50_000] })),
  answer_bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'bytes of an answer on its way down; 1,000 if left out', examples: [1000] })),
};
