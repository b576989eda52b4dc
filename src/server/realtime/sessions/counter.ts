export type Counter = ReturnType<typeof createCounter>;

/**
 * Counts what is open at once, by key.
 * @param refuse  makes the error for a key that has `max` open
 */
export function createCounter(max: number, refuse: (key: string) => Error) {
  const open = new Map<string, number>();
  return {
    /** @returns ends the count. @throws what `refuse` makes */
    enter(key: string): () => void {
      const count = open.get(key) ?? 0;
      if (count >= max) throw refuse(key);
      open.set(key, count + 1);
      return () => {
        const left = open.get(key)! - 1;
        if (left > 0) open.set(key, left);
        else open.delete(key);
      };
    },
  };
}
