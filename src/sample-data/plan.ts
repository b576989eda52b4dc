import { limits } from "#protocol/limits.ts";
import { makeId, type Random } from "./random.ts";
import type { Agent, Website } from "./websites.ts";

export type Visitor = { id: Buffer; website: Website; firstSeenMs: number; lastSeenMs: number; nth: number };

/** A conversation before its messages: what is decided about it from the beginning. */
export type Plan = {
  website: Website;
  id: Buffer;
  visitor: Visitor;
  /** the conversation of the same visitor's that it continues */
  continuesId: Buffer | null;
  beganMs: number;
  /** the time of the last message */
  endsMs: number;
  /** messages, at least 1 */
  length: number;
  open: boolean;
  /** who answers */
  agent: Agent;
  assigned: boolean;
  /** nobody has answered, so that the visitor alone speaks */
  unanswered: boolean;
  deletedAtMs: number | null;
};

/** Conversations that begin in the same month of UTC, in the order of their beginnings. */
export type Chunk = {
  plans: Plan[];
  messages: number;
  newVisitors: Visitor[];
  /** those of earlier chunks who came back */
  returnedVisitors: Visitor[];
};

type Frame = { messages: number; fromMs: number; untilMs: number; websites: Website[]; random: Random };

/** A chunk's order of messages is held in memory, 8 bytes each. */
const chunkMessages = 4_000_000;
const dayMs = 86_400_000;
const conversationMs = limits.conversationDays * dayMs;
/** A median of 11 and a mean of 19 messages. */
const [medianLength, lengthSpread, longestLength] = [11, 1.045, 2_000];
/** One conversation to page through, from as many messages on as let the others be of their usual lengths. */
export const giant = { length: 10_000, fromMessages: 200_000, beganDaysAgo: 25 } as const;
const oftenAnsweredAfterMs = 60_000;
/** The youngest conversations have had some minutes for their messages. */
const youngestMs = 10 * 60_000;
const shares = { assigned: 0.85, unanswered: 0.5, deleted: 0.005, returning: 0.2 };

/** Plans all conversations, `messages` in their sum, evenly over the time; a chunk at a time. */
export function* planChunks(frame: Frame): Generator<Chunk> {
  const { random, websites } = frame;
  const withGiant = frame.messages >= giant.fromMessages;
  const ordinary = frame.messages - (withGiant ? giant.length : 0);
  const spanMs = frame.untilMs - youngestMs - frame.fromMs;
  const chooseWebsite = createWebsiteChoice(websites, ordinary, random);
  const returning: Plan[] = []; // in the order of their beginnings
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
    // Where a conversation begins follows from how many messages came before, so that each month gets its share.
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
    // A visitor's next conversation begins when the one before takes no more messages.
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
  // Resolving is a message of its own, after at least one other.
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

/** 10% over the whole time: nearly two thirds of the youngest, a twenty-fifth of the old. @param age  0 young to 1 old */
const openShare = (age: number) => 0.04 + 0.6 * Math.exp(-10 * age);

const drawLength = (random: Random) =>
  Math.max(2, Math.min(longestLength, Math.round(random.logNormal(medianLength, lengthSpread))));

function drawEnd(beganMs: number, length: number, untilMs: number, random: Random): number {
  const latestMs = Math.min(untilMs, beganMs + conversationMs - dayMs / 2);
  return Math.min(latestMs, Math.floor(beganMs + length * random.logNormal(oftenAnsweredAfterMs, 1.3)));
}

/** Chooses after Zipf's law, the nth website one nth as often as the first; each is chosen once before, over the time. */
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

/** The first place whose bound is above the value. */
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
