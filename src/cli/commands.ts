import type { CommandModule } from 'yargs';
import backends from './backends.js';
import bench from './bench.js';
import calibrate from './calibrate.js';
import compare from './compare.js';
import fit from './fit.js';
import phone from './phone.js';
import replay from './replay.js';
import repository from './repository.js';
import serve from './serve.js';
import setup from './setup.js';
import simulate from './simulate.js';
import systems from './systems.js';
import trace from './trace.js';
import verify from './verify.js';

/** Every command. What a command needs to do its work is imported when it is run, so that `--help` answers at once. */
export const commands: CommandModule<object, any>[] = [compare, simulate, systems, calibrate, fit, verify, trace, serve, phone, replay, repository, backends, setup, bench];
