import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "#lab/environment/environment.ts";
import { createRandom } from "#sample-data/random.ts";
import type { Actors } from "./actors.ts";
import { type FaultName, faultNames, faults } from "./faults.ts";

export type Schedule = {
  seed: number;
  /** the longest time between the beginnings of two faults; they overlap */
  maxGapMs: number;
  /** whether another fault follows */
  hasNext: (soFar: { faults: number; elapsedMs: number }) => boolean;
  print?: (line: string) => void;
};

const minGapMs = 100;

/**
 * Injects each fault once a round, in random order; faults of different parts overlap.
 * @param onEnd  called when a fault is over
 * @returns the faults, in their order
 */
export async function injectFaults(
  environment: Environment,
  actors: Actors,
  { seed, maxGapMs, hasNext, print = () => {} }: Schedule,
  onEnd: (fault: FaultName) => void,
): Promise<FaultName[]> {
  const random = createRandom(seed, 1);
  const beganAt = Date.now();
  const active = new Map<string, Promise<unknown>>();
  const injected: FaultName[] = [];
  let round: FaultName[] = [];
  while (hasNext({ faults: injected.length, elapsedMs: Date.now() - beganAt })) {
    await sleep(minGapMs + random.below(maxGapMs - minGapMs));
    if (round.length === 0) round = [...faultNames];
    // Parts that are broken now must wait.
    const free = round.filter(name => !active.has(faults[name].part));
    if (free.length === 0) await Promise.race(active.values());
    if (free.length === 0) continue;
    const name = random.pick(free);
    round.splice(round.indexOf(name), 1);
    injected.push(name);
    print(`${((Date.now() - beganAt) / 1000).toFixed(1)} s: ${name}`);
    active.set(faults[name].part, inject(name));
  }
  await Promise.all(active.values());
  return injected;

  async function inject(name: FaultName) {
    const { part, inject } = faults[name];
    await inject(environment, random, actors);
    active.delete(part);
    onEnd(name);
  }
}
