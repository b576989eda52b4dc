/** Does the work for all, so many at once, and returns what came of it in their order. */
export async function inParallel<Item, Result>(
  items: Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  async function lane() {
    while (next < items.length) {
      const nth = next++;
      results[nth] = await work(items[nth]!);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}
