import type { Link, ResolvedAlternative } from '../scenario/scenario.js';
import type { LinkSpec, NetworkSpec } from '../simulator/network/spec.js';
import type { DelayModel } from '../trace/network/delay.js';
import { delays } from '../trace/network/delays.js';
import { readMahimahi } from '../trace/network/mahimahi.js';
import { imageBytes } from '../trace/network/payload.js';
import type { Recording } from '../trace/network/recording.js';

/** Size of an answer that nobody gave a size: a few labels with their scores, and the headers around them. */
const ANSWER_BYTES = 1000;

/** Recordings that were read in this thread: replications and alternatives have the same ones. */
const read = new Map<string, Promise<Recording>>();

function recordingOf(file: string): Promise<Recording> {
  let recording = read.get(file);
  if (recording === undefined) read.set(file, (recording = readMahimahi(file)));
  return recording;
}

/**
 * The networks of one run.
 *
 * @throws InputError if a recording is broken
 */
export async function networkOf({ scenario }: ResolvedAlternative): Promise<NetworkSpec> {
  const { network, workload, sites, repository } = scenario;
  const both = async (links: { up?: Link; down?: Link } = {}) => ({ up: await linkSpec(links.up), down: await linkSpec(links.down) });
  const general = await both(network);
  const cells = new Map<string, { up?: LinkSpec; down?: LinkSpec }>();
  for (const [name, links] of Object.entries(network.cells ?? {})) cells.set(name, await both(links));
  return {
    ...(network.symmetric === true ? { isSymmetric: true } : {}),
    apps: workload.map(({ cell, image, upload_bytes, answer_bytes, stages }) => {
      const own = cell === undefined ? undefined : cells.get(cell);
      return {
        up: own?.up ?? general.up,
        down: network.symmetric === true ? general.up : (own?.down ?? general.down),
        cell,
        uploadBytes: upload_bytes ?? (image === undefined ? 0 : imageBytes(image)),
        answerBytes: answer_bytes ?? ANSWER_BYTES,
        handOnBytes: stages.map(({ output_bytes }) => output_bytes ?? 0),
      };
    }),
    sites: await Promise.all(sites.map((site) => both(site.network))),
    betweenSites: await linkSpec(network.between_sites),
    ...(repository?.link === undefined ? {} : { repository: await linkSpec(repository.link) }),
  };
}

async function linkSpec(link: Link | undefined): Promise<LinkSpec | undefined> {
  if (link === undefined) return undefined;
  const model = Object.values<DelayModel>(delays).find(({ name }) => link[name as keyof Link] !== undefined);
  const { rate_mbps, trace, start } = link;
  return {
    delayMs: model === undefined ? () => 0 : model.quantile(link[model.name as keyof Link]),
    isDelayDrawn: model?.drawn ?? false,
    ...(rate_mbps !== undefined ? { bottleneck: { rateMbps: rate_mbps } } : {}),
    ...(trace !== undefined ? { bottleneck: { recording: await recordingOf(trace), startsAnywhere: start === 'random' } } : {}),
    queuePackets: link.queue_packets ?? Infinity,
  };
}
