/** What takes longer is told: nobody should wonder whether anything happens. */
const PATIENCE_MS = 1500;

/** Waits for work, and tells what it is if it takes long. */
export async function slowly<T>(work: Promise<T>, tell: () => void): Promise<T> {
  const timer = setTimeout(tell, PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
