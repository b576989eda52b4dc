import { setTimeout as sleep } from "node:timers/promises";
import type { Arrival, Curve } from "./connections-report.ts";

const pollMs = 500;

/** Counts the clients online while the work connects them. @returns how long the work took, and the curve */
export async function watchArrival(
  total: number,
  countOnline: () => Promise<number>,
  work: () => Promise<unknown>,
): Promise<Arrival> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const curve: Curve = [[0, 0]];
  let isOver = false;
  const watching = (async () => {
    for (; !isOver; await sleep(pollMs)) {
      const online = await countOnline();
      curve.push([rounded(seconds()), online]);
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
  }
  const took = seconds();
  await watching;
  curve.push([rounded(took), await countOnline()]);
  return { seconds: rounded(took), perSecond: Math.round(total / took), curve };
}

export const rounded = (seconds: number) => Math.round(seconds * 100) / 100;
