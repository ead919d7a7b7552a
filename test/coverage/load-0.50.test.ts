import { describeCoverage } from './coverage.js';

describeCoverage({ load: 0.5, queues: 4, requests: 50 }, 0.07);
