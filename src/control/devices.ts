import { NONE } from '../policy/contract.js';
import type { Control } from './control.js';

/**
 * Sites that are devices: each request runs on its own client's phone, which has the model loaded and nothing else to do.
 * So there is no queue and nothing to dispatch: a request starts when it comes, on a worker that stands for that phone. As
 * many workers are made as requests run at once; an idle one stands for whichever phone is next. Where this process is itself
 * one phone, there is one worker for each model, and requests wait for it.
 */
export class Devices {
  /** By site. */
  readonly isDevice: Uint8Array;
  /** Whether this process is one of the phones. */
  readonly isOnePhone: boolean;
  private readonly control: Control;
  /** The kind of phone at each device site. */
  private readonly accelerator: Int32Array;

  constructor(control: Control) {
    const { sites, accelerators } = control.system;
    this.control = control;
    this.isDevice = Uint8Array.from(sites, ({ device }) => (device === true ? 1 : 0));
    this.isOnePhone = sites.some(({ elsewhere }) => elsewhere === true);
    this.accelerator = Int32Array.from(sites, (_, site) => accelerators.findIndex((a) => a.site === site));
  }

  hasAccelerator(accelerator: number): boolean {
    return this.isDevice[this.control.system.accelerators[accelerator].site] === 1;
  }

  /** Loads the models of the phone that this process is; of phones that are many all are loaded anyway. */
  begin(): void {
    if (!this.isOnePhone) return;
    this.control.laneSpecs.forEach(({ site }, lane) => {
      if (this.isDevice[site] === 1 && !this.control.elsewhere.has(site)) this.control.processes.loadWarm(lane, this.accelerator[site]).standing = true;
    });
  }

  /** Starts all that waits in a lane of a device; while the device is lost it waits. */
  serve(lane: number): void {
    const { control } = this;
    const accelerator = this.accelerator[control.laneSpecs[lane].site];
    if (accelerator === NONE || control.outages.isLost(accelerator)) return;
    while (control.lanes[lane].length > 0) {
      const idle = control.idleWorkers(lane, accelerator);
      if (idle.length === 0 && this.isOnePhone) return;
      control.start(lane, 1, idle.length > 0 ? idle[idle.length - 1] : control.processes.loadWarm(lane, accelerator).id);
    }
  }

  /** Starts all that waits at a device. */
  serveAll(site: number): void {
    for (const lane of this.control.dispatchDesks[site].lanes) this.serve(lane);
  }
}
