/** Repeats `look` until it does not throw: for what happens soon. @throws its last error after maxWaitMs */
export async function eventually<T>(look: () => T | Promise<T>, maxWaitMs = 180_000): Promise<T> {
  for (const end = Date.now() + maxWaitMs; ; ) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
