/** Names of parameters by class, each made once: laws ask for them in every evaluation, and a new string has to be hashed anew. */
export function parameterName(make: (name: string) => string): (name: string) => string {
  const made = new Map<string, string>();
  return (name) => {
    let found = made.get(name);
    if (found === undefined) {
      found = make(name);
      made.set(name, found);
    }
    return found;
  };
}

/** The same for pairs of classes. */
export function pairName(make: (a: string, b: string) => string): (a: string, b: string) => string {
  const made = new Map<string, (b: string) => string>();
  return (a, b) => {
    let of = made.get(a);
    if (of === undefined) {
      of = parameterName((second) => make(a, second));
      made.set(a, of);
    }
    return of(b);
  };
}
