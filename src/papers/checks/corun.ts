import { predictCoRun } from '../../profile/co-run.js';
import type { Profile } from '../../profile/schema.js';
import { defineNumbers, type NumberRow } from '../number-set.js';
import { calibrationFile } from '../published-file.js';

/** Epoch time over that with no inference, beside 1, 2 and 4. */
const GROWTH: Record<string, readonly number[]> = { mobilenet_v3_small: [1, 1.06, 1.55], resnet50: [1.08, 1.17, 1.82], efficientnet_v2_l: [0.94, 1.01, 1.48] };
const BESIDE = [1, 2, 4];

/** Weights and activation of one image in MiB, and the largest power of two that trained beside one inference process; up to 1,024 were tried. */
const FRONTIER: Record<string, { weightsMiB: number; imageMiB: number; largest: number }> = {
  resnet152: { weightsMiB: 229.62, imageMiB: 226.06, largest: 32 },
  mobilenet_v2: { weightsMiB: 13.37, imageMiB: 74.25, largest: 64 },
  vgg16: { weightsMiB: 527.79, imageMiB: 109.39, largest: 64 },
  alexnet: { weightsMiB: 233.08, imageMiB: 4.19, largest: 1024 },
};

/** The largest batch for which weights + batch × activation fit: the authors' formula. */
function largestBatch({ weightsMiB, imageMiB }: { weightsMiB: number; imageMiB: number }, freeMiB: number): number {
  let batch = 1;
  while (batch < 1024 && weightsMiB + 2 * batch * imageMiB <= freeMiB) batch *= 2;
  return batch;
}

export default defineNumbers({
  name: 'corun',
  about: 'Growth of the epoch beside K inferences, from which the profile is made, so that this checks the way through it; and the largest training batch that the memory holds beside one.',
  source: 'Liu, Andhare, Kang: Corun, Sensors 24(16), 2024: data of the released figures, exact; out-of-memory frontier from the authors’ pilot logs',
  fast: true,
  async run() {
    const profile = await calibrationFile<Profile>('rtx3080ti.json');
    const rows: NumberRow[] = [];
    for (const [model, growth] of Object.entries(GROWTH)) {
      const alone = predictCoRun(profile, [], model).epochMs!;
      for (const [i, k] of BESIDE.entries()) {
        const beside = Array.from({ length: k }, () => 'resnet50');
        rows.push({ what: `${model}, epoch beside ${k} over epoch alone`, published: growth[i], ours: predictCoRun(profile, beside, model).epochMs! / alone, within: 0.01 });
      }
    }
    const { memory_mib: all, fixed_mib: fixed = 0 } = profile.accelerator!;
    const process = profile.models.densenet121.memory_mib!;
    for (const [model, sizes] of Object.entries(FRONTIER))
      rows.push({ what: `${model}, largest training batch beside one inference`, published: sizes.largest, ours: largestBatch(sizes, all - fixed - process), within: 0 });
    rows.push({ what: 'deeplab_v3, largest training batch beside one inference', published: 8, ours: undefined, because: 'its backbone is not recorded, and with it the size of its activations' });
    rows.push({ what: 'throughput, accelerators and cost against one task per GPU', published: 'not found', ours: undefined, because: 'scenarios/systems/corun.yaml has ours' });
    return rows;
  },
});
