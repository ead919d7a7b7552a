// Makes calibration/rtx3080ti-shares.json: the RTX 3080 Ti of calibration/rtx3080ti.json with shares, whose cost is that of another GPU.
// Usage: npm run build && node scripts/make-rtx3080ti-shares-profile.mjs [--out DIR]      DIR stands for the repository's root, which is the default
import { readFileSync } from 'node:fs';
import { v100ShareCurve } from '../dist/policy/planners/ekya/speed.js';
import { rounded, writeProfile } from './profiles/writing.mjs';

const base = JSON.parse(readFileSync(new URL('../calibration/rtx3080ti.json', import.meta.url), 'utf8'));
const { share, trainingS } = v100ShareCurve;
const whole = trainingS[trainingS.length - 1];

writeProfile('calibration/rtx3080ti-shares.json', {
  ...base,
  name: 'rtx3080ti-shares',
  about: 'The RTX 3080 Ti of rtx3080ti.json whose processes can have fixed shares (MPS); what a share costs was measured on another GPU. docs/profiles/rtx3080ti-shares.md says what that means.',
  source: [...base.source, 'time by share: Ekya (Bhardwaj et al., NSDI 2022), output stored in the notebooks of its released code: a retraining of the class of ResNet18 on a V100 under MPS'],
  assumptions: [
    ...base.assumptions,
    'A share costs an inference here what it cost a retraining on a V100: times alone at 10, 20, … 100 % over the time with the whole GPU. Neither the GPU nor the work is the same.',
    'Beside neighbours the tighter of two limits holds: the own share, or what neighbours leave of the processors, each in proportion to its share (docs/contention.md). This was not measured.',
  ],
  shares: { percent: share.map((each) => Math.round(100 * each)), stretch: trainingS.map((s) => rounded(s / whole, 4)) },
});
