/** What a worker thread runs; its errors travel as they are, but for the class of a user's mistake, which its name tells. */
export { replicate as default } from './replication.js';
