import { setTimeout as sleep } from "node:timers/promises";

/** Others get the database for as long as this work had it. */
export async function paced<Result>(work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  await sleep(performance.now() - start);
  return result;
}
