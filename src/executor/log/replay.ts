import { Control, type Bundle } from '../../control/control.js';
import type { Driver, Observer } from '../../control/driver.js';
import type { System } from '../../control/system.js';
import type { LoggedHappening } from './event-log.js';
import { Teller } from './happening.js';
import { Tally, type Command } from './tally.js';

const nothing = (): void => {};

/** Carries out nothing, and answers what the executor answers: a request is at once at a site that is this machine. */
const idle = ({ sites }: System): Driver & Observer => ({
  upload: (_request, site) => sites[site].elsewhere !== true,
  forward: () => true,
  answer: () => true,
  duplicated: nothing,
  start: nothing,
  load: nothing,
  kill: nothing,
  train: nothing,
  pause: nothing,
  deploy: nothing,
  discard: nothing,
  notice: nothing,
  pull: nothing,
  discardModel: nothing,
  wake: nothing,
  ended: nothing,
});

export interface Replayed {
  /** All commands, in order. */
  commands: Command[];
  /** Position of the first happening after which the commands were others than in the log; undefined if they were the same throughout. */
  divergedAt: number | undefined;
  control: Control;
}

/**
 * Tells a fresh control what an executor's was told, and compares the commands.
 *
 * @param bundle fresh policies, made with the same options and seed
 */
export function replayLog(happenings: readonly LoggedHappening[], system: System, bundle: Bundle): Replayed {
  const commands: Command[] = [];
  const driver = idle(system);
  const tally = new Tally(driver, driver, (command) => commands.push(command));
  const control = new Control(system, bundle, tally, tally);
  tally.control = control;
  const teller = new Teller(control);
  control.begin();
  const divergedAt = happenings.findIndex((happening) => {
    teller.tell(happening);
    return tally.checksum !== happening.checksum;
  });
  return { commands, divergedAt: divergedAt < 0 ? undefined : divergedAt, control };
}
