import fc from 'fast-check';

// In CI the same cases every time, so that a change is judged by what it changed; elsewhere new ones in each run, to find more.
// A failure prints its seed and path either way.
if (process.env.CI) fc.configureGlobal({ seed: 20240816 });
