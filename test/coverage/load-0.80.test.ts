import { describeCoverage } from './coverage.js';

describeCoverage({ load: 0.8, queues: 4, requests: 60 }, 0.1);
