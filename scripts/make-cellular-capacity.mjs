// Writes scenarios/data/cellular.up: node scripts/make-cellular-capacity.mjs
// Made up, not recorded. The recordings that mahimahi distributes are under the GPL, and cannot be part of this repository.
// The law is the one by which Winstein et al. (NSDI 2013, section 3.1) model such links: packets cross as a Poisson process whose
// rate wanders as a Brownian motion, and which, once it has fallen to 0, stays there for a while (an outage).
import { writeFileSync } from 'node:fs';
import alea from 'seedrandom/lib/alea.js';

const SECONDS = 60;
const TICK_MS = 20;
/** Of the paper: deviation of the rate after a second, in packets/s, and the rate at which outages end, per s. */
const WANDER = 200;
const OUTAGE_ENDS = 1;

/** @param most where the rate is reflected, in packets/s: the best that the cell can do */
function capacity(key, start, most) {
  const draw = alea(`cellular ${key}`);
  /** Sum of twelve uniform numbers: nearly normal, and the same bytes everywhere. */
  const normal = () => Array.from({ length: 12 }, draw).reduce((sum, u) => sum + u, -6);
  const times = [];
  let rate = start;
  for (let tick = 0; tick < (SECONDS * 1000) / TICK_MS; tick++) {
    const isOut = rate === 0;
    if (!isOut || draw() < (OUTAGE_ENDS * TICK_MS) / 1000) rate = Math.max(0, (isOut ? 20 : rate) + WANDER * Math.sqrt(TICK_MS / 1000) * normal());
    if (rate > most) rate = 2 * most - rate;
    const [from, to] = [tick * TICK_MS, (tick + 1) * TICK_MS];
    if (rate === 0) continue;
    // Gaps of a Poisson process; the first one of a tick may be begun anew, since it has no memory.
    for (let nextMs = from + gap(rate, draw); nextMs < to; nextMs += gap(rate, draw)) times.push(Math.floor(nextMs));
  }
  // The last time is the length of the recording.
  times.push(SECONDS * 1000);
  return times;
}

const gap = (ratePerS, draw) => (-Math.log(1 - draw()) * 1000) / ratePerS;

const times = capacity('cell', 400, 700);
writeFileSync(new URL('../scenarios/data/cellular.up', import.meta.url), `${times.join('\n')}\n`);
const perSecond = Array.from({ length: SECONDS }, (_, s) => times.filter((ms) => ms >= s * 1000 && ms < (s + 1) * 1000).length);
const mbps = (packets) => ((packets * 12) / 1000).toFixed(2);
process.stdout.write(`${times.length} packets, mean ${mbps(times.length / SECONDS)} Mbit/s, by second ${mbps(Math.min(...perSecond))} to ${mbps(Math.max(...perSecond))}\n`);
