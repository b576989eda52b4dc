import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "#lab/environment/environment.ts";
import { check } from "#lab/history/check.ts";
import type { History, Stored } from "#lab/history/history.ts";
import { Recorder } from "#lab/history/recorder.ts";
import { targetOf, type Violation } from "#lab/history/violation.ts";
import { createRandom } from "#sample-data/random.ts";
import { type Actors, startActors } from "./actors.ts";
import { injectFaults, type Schedule } from "./fault-schedule.ts";
import { faults } from "./faults.ts";
import type { Client } from "./recorded-client.ts";
import { type RecoveryTimes, watchRecovery } from "./recovery-times.ts";
import { readStored } from "./stored.ts";

export type FaultOptions = Schedule & {
  visitors: number;
  /** error codes that must come too: those that the faults have not brought are provoked afterwards */
  expectedCodes?: string[];
};

export type FaultReport = {
  seed: number;
  tookMs: number;
  /** how often each was injected */
  faults: Record<string, number>;
  sent: number;
  acknowledged: number;
  /** acknowledged */
  edits: number;
  deletions: number;
  stored: number;
  /** by all receivers, each message once a receiver */
  received: number;
  receivers: number;
  reconnects: number;
  /** how often each error code came */
  refusals: Record<string, number>;
  recovery: RecoveryTimes;
  violations: Violation[];
  /** processes that ended without a fault */
  unexpectedEnds: string[];
  /** our own faults, from the server's log */
  errors: string[];
};

/** A module to preload: it shortens the queue, so that a few dozen clients fill it. */
export const smallQueues = join(import.meta.dirname, "small-queues.ts");

/** The slowest recovery takes two heartbeats, and a full outbox is sent at the pace of the rate limits. */
const maxRecoveryMs = 120_000;
const pollMs = 500;
/** In it outboxes empty, and buggy clients take turns. */
const calmMs = 2_000;

/** Actors chat while faults are injected. Then all parts recover, and the history is checked. */
export async function runFaults(environment: Environment, options: FaultOptions): Promise<FaultReport> {
  const { seed, visitors, expectedCodes = [] } = options;
  const beganAt = Date.now();
  const recorder = new Recorder();
  const { history, refusals } = recorder;
  const actors = await startActors(environment, recorder, { visitors, seed });
  const recovery = watchRecovery(actors, recorder);
  try {
    const injected = await injectFaults(environment, actors, options, recovery.onFaultEnd);
    await provokeRefusals(environment, actors, () => expectedCodes.every(code => refusals.has(code)));
    actors.stopWriting();
    const { stored, violations } = await waitForRecovery(environment, actors, recorder, options.print);
    return {
      seed,
      tookMs: Date.now() - beganAt,
      faults: countEach(injected),
      sent: history.sent.length,
      acknowledged: new Set(history.acknowledged.map(targetOf)).size,
      ...countChanges(history),
      stored: stored.messages.length,
      received: history.receivers.reduce((sum, { received }) => sum + received.length, 0),
      receivers: history.receivers.length,
      reconnects: actors.reconnects(),
      refusals: Object.fromEntries([...refusals].sort()),
      recovery: recovery.stop(),
      violations,
      unexpectedEnds: environment.server.unexpectedEnds,
      errors: environment.server.errors,
    };
  } finally {
    recovery.stop();
    actors.close();
  }
}

/** While parts are broken, chance may keep senders from any limit. With all of them whole, these two bring them there. */
async function provokeRefusals(environment: Environment, actors: Actors, areAllHere: () => boolean): Promise<void> {
  const random = createRandom(0, 3);
  for (const end = Date.now() + maxRecoveryMs; !areAllHere() && Date.now() < end; await sleep(calmMs)) {
    await faults["tables locked"].inject(environment, random, actors);
    actors.sendMany();
  }
}

/** Waits until there is no violation, for at most maxRecoveryMs. */
async function waitForRecovery(
  environment: Environment,
  actors: Actors,
  { history }: Recorder,
  print: FaultOptions["print"],
): Promise<{ stored: Stored; violations: Violation[] }> {
  for (const end = Date.now() + maxRecoveryMs; ; await sleep(pollMs)) {
    const { held, failed } = await listHeld(actors.clients());
    const soFar = copyOf(history); // a message that arrives while the database is read may be stored later
    const stored = await readStored(environment);
    const violations = [...check(soFar, stored, held), ...failed];
    if (violations.length === 0 || Date.now() > end) return { stored, violations };
    const counts = Object.entries(countEach(violations.map(({ rule }) => rule)));
    print?.(`Not yet recovered: ${counts.map(([rule, count]) => `${count} ${rule}`).join(", ")}`);
  }
}

const copyOf = (history: History): History => ({
  ...history,
  changes: history.changes.map(change => ({ ...change })),
  acknowledged: history.acknowledged.slice(),
  receivers: history.receivers.map(receiver => ({ ...receiver, received: receiver.received.slice() })),
});

function countChanges({ changes }: History): Pick<FaultReport, "edits" | "deletions"> {
  const acknowledged = changes.filter(({ outcome }) => outcome === "acknowledged");
  const deletions = acknowledged.filter(({ body }) => body === null).length;
  return { edits: acknowledged.length - deletions, deletions };
}

async function listHeld(clients: Client[]) {
  const results = await Promise.allSettled(clients.map(client => client.listHeld()));
  return {
    held: results.flatMap(result => (result.status === "fulfilled" ? result.value : [])),
    failed: results.flatMap((result, nth): Violation[] =>
      result.status === "rejected"
        ? [{ rule: "missing", what: `${clients[nth]!.name}: ${result.reason.message}` }]
        : [],
    ),
  };
}

const countEach = (names: string[]) =>
  Object.fromEntries([...Map.groupBy(names.toSorted(), name => name)].map(([name, { length }]) => [name, length]));
