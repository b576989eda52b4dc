/** Does the work for all items, at most `atOnce` at a time. @returns the results in the items' order */
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
