declare module 'seedrandom/lib/alea.js' {
  interface Alea {
    (): number;
    double(): number;
    int32(): number;
  }
  export default function alea(seed: string): Alea;
}
