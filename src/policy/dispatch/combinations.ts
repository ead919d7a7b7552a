/**
 * What K processes can be running at once: every subset of size k while there are at least k models, as in Corun's
 * experiment; beyond that every model once more in turn, so that K can exceed the number of models.
 */
export function* combinations(models: readonly string[], k: number): Generator<string[]> {
  if (k > models.length) {
    yield Array.from({ length: k }, (_, i) => models[i % models.length]);
    return;
  }
  const chosen = Array.from({ length: k }, (_, i) => i);
  for (;;) {
    yield chosen.map((i) => models[i]);
    let at = k - 1;
    while (at >= 0 && chosen[at] === models.length - k + at) at--;
    if (at < 0) return;
    chosen[at]++;
    for (let i = at + 1; i < k; i++) chosen[i] = chosen[i - 1] + 1;
  }
}
