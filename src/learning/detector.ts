/** Watches a stream of labels for a change for the worse. Knows nothing but what it was told. */
export interface Detector {
  /** @returns whether this label, right or wrong, makes it say that the error has risen */
  add(wrong: boolean): boolean;
  /** Forgets everything: a new model answers. */
  reset(): void;
}
