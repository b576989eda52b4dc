import { limits } from "#protocol/limits.ts";
import { makeId, type Random } from "./random.ts";
import type { Agent, Website } from "./websites.ts";

export type Visitor = { id: Buffer; website: Website; firstSeenMs: number; lastSeenMs: number; nth: number };

/** A conversation before its messages: all that is decided in advance. */
export type Plan = {
  website: Website;
  id: Buffer;
  visitor: Visitor;
  /** the visitor's earlier conversation that it continues */
  continuesId: Buffer | null;
  beganMs: number;
  /** the time of the last message */
  endsMs: number;
  /** number of messages, at least 1 */
  length: number;
  open: boolean;
  /** the agent who answers */
  agent: Agent;
  assigned: boolean;
  /** no agent has answered: all messages are the visitor's */
  unanswered: boolean;
  deletedAtMs: number | null;
};

/** Conversations that begin in the same month of UTC, sorted by `beganMs`. */
export type Chunk = {
  plans: Plan[];
  messages: number;
  newVisitors: Visitor[];
  /** visitors of earlier chunks who came back */
  returnedVisitors: Visitor[];
};

type Frame = { messages: number; fromMs: number; untilMs: number; websites: Website[]; random: Random };

/** The order of a chunk's messages is held in memory, 8 bytes each. */
const chunkMessages = 4_000_000;
const dayMs = 86_400_000;
const conversationMs = limits.conversationDays * dayMs;
/** A median of 11 and a mean of 19 messages. */
const [medianLength, lengthSpread, maxLength] = [11, 1.045, 2_000];
/** One very long conversation, for paging. Only from `fromMessages` on: with fewer, the others would be too short. */
export const giant = { length: 10_000, fromMessages: 200_000, beganDaysAgo: 25 } as const;
const medianPauseMs = 60_000;
/** The newest conversations began some minutes ago, so that there is time for their messages. */
const minAgeMs = 10 * 60_000;
const shares = { assigned: 0.85, unanswered: 0.5, deleted: 0.005, returning: 0.2 };

/** Plans all conversations, `messages` in total and spread evenly over the time; yields one chunk at a time. */
export function* planChunks(frame: Frame): Generator<Chunk> {
  const { random, websites } = frame;
  const withGiant = frame.messages >= giant.fromMessages;
  const ordinary = frame.messages - (withGiant ? giant.length : 0);
  const spanMs = frame.untilMs - minAgeMs - frame.fromMs;
  const chooseWebsite = createWebsiteChoice(websites, ordinary, random);
  const returning: Plan[] = []; // sorted by beganMs
  let giantDueMs = withGiant ? frame.untilMs - giant.beganDaysAgo * dayMs : Number.POSITIVE_INFINITY;
  let visitors = 0;
  let chunk = emptyChunk();

  function add(beganMs: number, length: number, website: Website, previous: Plan | null, traits: Partial<Plan>): Plan {
    const visitor = previous?.visitor ?? {
      id: makeId(beganMs, random),
      website,
      firstSeenMs: beganMs,
      lastSeenMs: beganMs,
      nth: ++visitors,
    };
    (previous ? chunk.returnedVisitors : chunk.newVisitors).push(visitor);
    const continuesId = previous?.id ?? null;
    const plan = { ...decide({ beganMs, length, visitor, continuesId, website }, frame), ...traits };
    visitor.lastSeenMs = plan.endsMs;
    chunk.plans.push(plan);
    chunk.messages += length;
    return plan;
  }

  for (let done = 0; done < ordinary; ) {
    const length = Math.min(drawLength(random), ordinary - done);
    // The number of earlier messages decides when a conversation begins: so each month gets its share.
    const beganMs = Math.floor(frame.fromMs + (spanMs * (done + random.unit() * length)) / ordinary);
    done += length;
    const last = chunk.plans.at(-1);
    if (last && (chunk.messages >= chunkMessages || !isSameMonth(last.beganMs, beganMs))) {
      yield chunk;
      chunk = emptyChunk();
    }
    if (beganMs >= giantDueMs) {
      add(beganMs, giant.length, websites[0]!, null, giantTraits(frame));
      giantDueMs = Number.POSITIVE_INFINITY;
    }
    // A visitor's next conversation begins after the previous one stops taking messages.
    const isDue = returning[0] && returning[0].beganMs + conversationMs < beganMs;
    const previous = isDue ? returning.shift()! : null;
    const plan = add(beganMs, length, previous?.website ?? chooseWebsite(), previous, {});
    if (!plan.open && plan.deletedAtMs === null && random.chance(shares.returning)) returning.push(plan);
  }
  yield chunk;
}

const emptyChunk = (): Chunk => ({ plans: [], messages: 0, newVisitors: [], returnedVisitors: [] });

function decide(
  known: Pick<Plan, "beganMs" | "length" | "visitor" | "continuesId" | "website">,
  { fromMs, untilMs, random }: Frame,
): Plan {
  const { beganMs, length, website } = known;
  const endsMs = length === 1 ? beganMs : drawEnd(beganMs, length, untilMs, random);
  // Resolving is a message too, and cannot be the first.
  const open = length === 1 || random.chance(openShare((untilMs - beganMs) / (untilMs - fromMs)));
  const assigned = random.chance(shares.assigned);
  return {
    ...known,
    id: makeId(beganMs, random),
    endsMs,
    open,
    assigned,
    agent: random.pick(website.agents),
    unanswered: open && !assigned && random.chance(shares.unanswered),
    deletedAtMs: random.chance(shares.deleted) ? Math.floor(endsMs + random.unit() * (untilMs - endsMs)) : null,
  };
}

const giantTraits = ({ untilMs }: Frame): Partial<Plan> => ({
  open: true,
  assigned: true,
  unanswered: false,
  deletedAtMs: null,
  endsMs: untilMs,
});

/** 10% on average: 64% of the newest, 4% of the oldest. @param age  from 0, the newest, to 1 */
const openShare = (age: number) => 0.04 + 0.6 * Math.exp(-10 * age);

const drawLength = (random: Random) =>
  Math.max(2, Math.min(maxLength, Math.round(random.logNormal(medianLength, lengthSpread))));

function drawEnd(beganMs: number, length: number, untilMs: number, random: Random): number {
  const latestMs = Math.min(untilMs, beganMs + conversationMs - dayMs / 2);
  return Math.min(latestMs, Math.floor(beganMs + length * random.logNormal(medianPauseMs, 1.3)));
}

/** Chooses by Zipf's law: the nth website is chosen 1/n as often as the first. Each is chosen at least once. */
function createWebsiteChoice(websites: Website[], messages: number, random: Random): () => Website {
  const bounds = new Float64Array(websites.length);
  let sum = 0;
  for (const rank of websites.keys()) bounds[rank] = sum += 1 / (rank + 1);
  const stride = Math.max(1, Math.floor(messages / medianLength / 2 / websites.length));
  let chosen = 0;
  return () => {
    const turn = chosen++ / stride;
    if (Number.isInteger(turn) && turn < websites.length) return websites[turn]!;
    return websites[findAbove(bounds, random.unit() * sum)]!;
  };
}

/** The first index whose bound is above the value. */
function findAbove(bounds: Float64Array, value: number): number {
  let [low, high] = [0, bounds.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isSameMonth(aMs: number, bMs: number): boolean {
  const [a, b] = [new Date(aMs), new Date(bMs)];
  return a.getUTCMonth() === b.getUTCMonth() && a.getUTCFullYear() === b.getUTCFullYear();
}
