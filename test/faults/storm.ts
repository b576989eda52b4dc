import { setTimeout as sleep } from "node:timers/promises";
import { type Company, gather } from "#lab/actors/company.ts";
import type { Client } from "#lab/actors/recorded-clients.ts";
import type { World } from "#lab/environment/environment.ts";
import { check, type Violation } from "#lab/history/check.ts";
import type { History, Stored, StoredConversation, StoredMessage } from "#lab/history/history.ts";
import { createRecorder, type Recorder } from "#lab/history/recorder.ts";
import { createRandom } from "#sample-data/random.ts";
import { type FaultName, faultNames, faults } from "./faults.ts";
import { type Patience, watchPatience } from "./patience.ts";

export type StormOptions = {
  seed: number;
  visitors: number;
  /** between the beginnings of two faults, a random length up to this; they overlap */
  mostGapMs: number;
  kinds?: FaultName[];
  /** whether another fault is to strike */
  goesOn: (p: { faults: number; elapsedMs: number; refusals: ReadonlyMap<string, number> }) => boolean;
  /** told as each fault strikes */
  say?: (line: string) => void;
};

export type Storm = {
  seed: number;
  tookMs: number;
  faults: Record<string, number>;
  sent: number;
  acknowledged: number;
  stored: number;
  /** what was told to whoever listened, each message once a listener */
  heard: number;
  listeners: number;
  reconnects: number;
  refusals: Record<string, number>;
  patience: Patience;
  violations: Violation[];
  endedByItself: string[];
};

const leastGapMs = 100;
/** The slowest way to learn of something is two heartbeats long; a crowded outbox is sent at the pace of the limits. */
const settleMs = 120_000;
const settleLookMs = 500;

/** Lets people chat while one thing after another breaks, then waits until all is quiet and checks all of it. */
export async function rage(world: World, options: StormOptions): Promise<Storm> {
  const { seed, visitors } = options;
  const beganAt = Date.now();
  const recorder = createRecorder();
  const company = await gather(world, recorder, { visitors, seed });
  const patience = watchPatience(company, recorder);
  try {
    const struck = await strikeAll(world, company, recorder, options, patience.after);
    company.hush();
    const { stored, violations } = await settle(world, company, recorder, options);
    const { history, refusals } = recorder;
    return {
      seed,
      tookMs: Date.now() - beganAt,
      faults: countOf(struck),
      sent: history.sent.length,
      acknowledged: new Set(history.acknowledged.map(({ body }) => body)).size,
      stored: stored.messages.length,
      heard: history.listeners.reduce((sum, { heard }) => sum + heard.length, 0),
      listeners: history.listeners.length,
      reconnects: company.reconnects(),
      refusals: Object.fromEntries([...refusals].sort()),
      patience: patience.stop(),
      violations,
      endedByItself: world.server.endedByItself,
    };
  } finally {
    patience.stop();
    company.close();
  }
}

/** Each kind once in every round, in an order of its own; of different things several at a time. */
async function strikeAll(
  world: World,
  company: Company,
  { refusals }: Recorder,
  { seed, mostGapMs, kinds = faultNames, goesOn, say = () => {} }: StormOptions,
  isOver: (kind: FaultName) => void,
): Promise<FaultName[]> {
  const random = createRandom(seed, 1);
  const beganAt = Date.now();
  const busy = new Map<string, Promise<unknown>>();
  const struck: FaultName[] = [];
  let round: FaultName[] = [];
  while (goesOn({ faults: struck.length, elapsedMs: Date.now() - beganAt, refusals })) {
    await sleep(leastGapMs + random.below(mostGapMs - leastGapMs));
    if (round.length === 0) round = [...kinds];
    // What is broken already waits for its next turn; others go first.
    const free = round.filter(kind => !busy.has(faults[kind].of));
    if (free.length === 0) await Promise.race(busy.values());
    if (free.length === 0) continue;
    const kind = random.pick(free);
    round.splice(round.indexOf(kind), 1);
    struck.push(kind);
    say(`${((Date.now() - beganAt) / 1000).toFixed(1)} s: ${kind}`);
    busy.set(faults[kind].of, strike(kind));
  }
  await Promise.all(busy.values());
  return struck;

  async function strike(kind: FaultName) {
    const { of, strike } = faults[kind];
    await strike(world, random, company);
    busy.delete(of);
    isOver(kind);
  }
}

/** Until there is nothing to complain of, or there has been time enough for whatever comes late. */
async function settle(world: World, company: Company, { history }: Recorder, { say = () => {} }: StormOptions) {
  for (const end = Date.now() + settleMs; ; await sleep(settleLookMs)) {
    const { held, failed } = await holdAll(company.clients());
    const soFar = copyOf(history); // what is told while the database is read may be stored after that
    const stored = await readStored(world);
    const violations = check(soFar, stored, held);
    if ((violations.length === 0 && failed.length === 0) || Date.now() > end) {
      return { stored, violations: [...violations, ...failed] };
    }
    const open = countOf([...violations, ...failed].map(({ rule }) => rule));
    say(
      `Not yet quiet: ${Object.entries(open)
        .map(([rule, count]) => `${count} ${rule}`)
        .join(", ")}`,
    );
  }
}

const copyOf = (history: History): History => ({
  ...history,
  acknowledged: history.acknowledged.slice(),
  listeners: history.listeners.map(listener => ({ ...listener, heard: listener.heard.slice() })),
});

async function holdAll(clients: Client[]) {
  const results = await Promise.allSettled(clients.map(client => client.hold()));
  return {
    held: results.flatMap(result => (result.status === "fulfilled" ? result.value : [])),
    failed: results.flatMap((result, nth): Violation[] =>
      result.status === "rejected"
        ? [{ rule: "missing", what: `${clients[nth]!.name}: ${result.reason.message}` }]
        : [],
    ),
  };
}

/** In one look at everything, as it is at one moment. */
export async function readStored({ sql }: Pick<World, "sql">): Promise<Stored> {
  const client = await sql.connect();
  try {
    await client.query("begin isolation level repeatable read");
    const conversations = await client.query<StoredConversation>(`
      select website_id as "websiteId", id, visitor_id as "visitorId", last_seq as "lastSeq",
        last_public_seq as "lastPublicSeq", agent_read_seq as "agentReadSeq", visitor_read_seq as "visitorReadSeq",
        agent_unread as "agentUnread", visitor_unread as "visitorUnread"
      from conversations`);
    const messages = await client.query<StoredMessage>(`
      select website_id as "websiteId", conversation_id as "conversationId", seq, id, kind, author,
        author_id as "authorId", body
      from messages
      order by website_id, conversation_id, seq`);
    await client.query("commit");
    return { conversations: conversations.rows, messages: messages.rows };
  } finally {
    client.release();
  }
}

const countOf = (names: string[]) =>
  Object.fromEntries([...Map.groupBy(names.toSorted(), name => name)].map(([name, { length }]) => [name, length]));
