import { describeCoverage } from './coverage.js';

describeCoverage({ load: 0.95, queues: 2, requests: 100 }, 0.15);
