import type { Recording } from '../../trace/network/recording.js';

/** A link in one direction: bytes pass its bottleneck, if it has one, and then take its delay. */
export interface LinkSpec {
  /** Delay of a transfer, from a uniform number in [0, 1) to ms. */
  delayMs: (u: number) => number;
  /** Whether the delay depends on that number. */
  isDelayDrawn: boolean;
  bottleneck?: { rateMbps: number } | { recording: Recording; startsAnywhere: boolean };
  /** A message that finds so many packets of 1,500 bytes in the queue is lost. */
  queuePackets: number;
}

export interface AppNetwork {
  /** Between its phones and the network. */
  up?: LinkSpec;
  down?: LinkSpec;
  /** The phones of all apps with the same cell share its links; without one each phone has links of its own. */
  cell?: string;
  uploadBytes: number;
  answerBytes: number;
  /** What each stage hands on to the next one, if that one is elsewhere. */
  handOnBytes: readonly number[];
}

/** The networks of a run, by app and by site; what is left out takes no time. */
export interface NetworkSpec {
  apps?: readonly AppNetwork[];
  /** Between the network and each site, in addition. */
  sites?: readonly { up?: LinkSpec; down?: LinkSpec }[];
  /** The delay of an answer on its access link is made from the same draw as its request's was. */
  isSymmetric?: boolean;
  /** From each site to each other one. */
  betweenSites?: LinkSpec;
  /** From the repository of models to each site. */
  repository?: LinkSpec;
}

/** Whether each phone, cell or site begins at a place of its own in the link's recording. */
export function startsAnywhere(link: LinkSpec | undefined): boolean {
  const bottleneck = link?.bottleneck;
  return bottleneck !== undefined && 'recording' in bottleneck && bottleneck.startsAnywhere;
}
