import { setTimeout as sleep } from "node:timers/promises";
import type { Pair, Side } from "./pairs.ts";

/** How the next message is chosen: when one before is done, or when it is due, whatever became of those before. */
export type Pace = { atOnce: number } | { perSecond: number };

export type Talk = {
  seconds: number;
  /** acknowledged and delivered before the time was over */
  doneInTime: number;
  sent: number;
  /** milliseconds from when a message was due until it was acknowledged, and until the other side held it */
  acknowledged: Float64Array;
  delivered: Float64Array;
  /** why messages were refused */
  failures: string[];
  /** neither refused nor acknowledged and delivered 20 s after the end */
  unfinished: number;
  /** times that everybody had just written, as often as the server lets one: more visitors are needed */
  throttled: number;
};

/** On its way, until it is acknowledged and delivered. */
type Sent = { dueAt: number; waitsFor: number };

/** A visitor may send 20 messages in 10 s, an agent 100: a little less. */
const leastPauseMs = { visitor: 520, agent: 105 };
const tickMs = 2;
/** After the end, for what is on its way. */
const patienceMs = 20_000;
const words = "I ordered it two weeks ago and it was meant to arrive today; can you see where it is?";

/** Lets pairs talk, visitors and agents by turns; one talk at a time. */
export function createMessageLoad(worker: number, pairs: Pair[]) {
  const agents = [...new Set(pairs.map(({ agent }) => agent))];
  const wroteAt = new Map<object, number>();
  const underWay = new Map<string, Sent>();
  let times: Record<"acknowledged" | "delivered", number[]> = { acknowledged: [], delivered: [] };
  let doneAt: number[] = [];
  let failures: string[] = [];
  // Not the two of one conversation in the same moment, who would share a batch, or wait for each other.
  let [keys, visitorTurns, agentTurns] = [0, 0, agents.length >> 1];
  let onDone = () => {};
  let stop = new AbortController();
  const byAgent = agents.map(agent => ({ of: pairs.filter(pair => pair.agent === agent), turn: 0 }));

  /** The visitor, or the agent, whose last message is the longest ago. */
  function nextTurn(side: Side): { pair: Pair; talker: object; freeAt: number } {
    const mine = byAgent[agentTurns % byAgent.length]!;
    const pair = side === "visitor" ? pairs[visitorTurns % pairs.length]! : mine.of[mine.turn % mine.of.length]!;
    const talker = pair[side];
    return { pair, talker, freeAt: (wroteAt.get(talker) ?? 0) + leastPauseMs[side] };
  }

  function take(side: Side, talker: object) {
    if (side === "visitor") visitorTurns++;
    else byAgent[agentTurns++ % byAgent.length]!.turn++;
    wroteAt.set(talker, performance.now());
  }

  function write(side: Side, { pair, talker }: ReturnType<typeof nextTurn>, dueAt: number) {
    take(side, talker);
    const key = `${side[0]}${worker}.${keys++}`;
    const sent: Sent = { dueAt, waitsFor: 2 };
    const said = { key, acknowledged: false };
    underWay.set(key, sent);
    pair.sent[side].push(said);
    const body = `${key} ${words}`;
    const sending = side === "visitor" ? pair.visitor.send(body) : pair.agent.send(pair.conversation, body);
    sending.then(
      () => {
        said.acknowledged = true;
        settle(key, "acknowledged");
      },
      (error: { message?: string } | null) => {
        failures.push(error?.message ?? "the socket broke");
        underWay.delete(key);
        onDone();
      },
    );
  }

  function settle(key: string, what: "acknowledged" | "delivered") {
    const sent = underWay.get(key);
    if (!sent) return;
    const now = performance.now();
    times[what].push(now - sent.dueAt);
    if (--sent.waitsFor > 0) return;
    underWay.delete(key);
    doneAt.push(now);
    onDone();
  }

  async function keepBusy(atOnce: number, end: number): Promise<number> {
    let throttled = 0;
    // Where nothing gets done any more, the end is to be seen all the same.
    const look = setInterval(() => onDone(), 100);
    for (let nth = 0; performance.now() < end && !stop.signal.aborted; nth++) {
      while (underWay.size >= atOnce && performance.now() < end) {
        const room = Promise.withResolvers<void>();
        onDone = room.resolve;
        await room.promise;
      }
      const side = nth % 2 ? "agent" : "visitor";
      const turn = nextTurn(side);
      const now = performance.now();
      if (turn.freeAt > now) {
        throttled++;
        await sleep(turn.freeAt - now);
      }
      write(side, turn, performance.now());
    }
    clearInterval(look);
    return throttled;
  }

  async function keepTime(perSecond: number, begun: number, end: number): Promise<number> {
    let throttled = 0;
    for (let nth = 0; !stop.signal.aborted; ) {
      const now = performance.now();
      for (; begun + (nth / perSecond) * 1000 <= Math.min(now, end); nth++) {
        const side = nth % 2 ? "agent" : "visitor";
        const turn = nextTurn(side);
        if (turn.freeAt > now) throttled++;
        write(side, turn, begun + (nth / perSecond) * 1000);
      }
      if (now >= end) break;
      await sleep(tickMs);
    }
    return throttled;
  }

  return {
    heard: (key: string) => settle(key, "delivered"),
    stop: () => stop.abort(),
    async talk({ pace, seconds }: { pace: Pace; seconds: number }): Promise<Talk> {
      [times, failures, doneAt, stop] = [{ acknowledged: [], delivered: [] }, [], [], new AbortController()];
      underWay.clear();
      const [before, begun] = [keys, performance.now()];
      const end = begun + seconds * 1000;
      const throttled = await ("atOnce" in pace ? keepBusy(pace.atOnce, end) : keepTime(pace.perSecond, begun, end));
      const ended = Math.min(end, performance.now());
      while (underWay.size > 0 && performance.now() < ended + patienceMs) await sleep(tickMs);
      return {
        seconds: (ended - begun) / 1000,
        doneInTime: doneAt.filter(at => at <= ended).length,
        sent: keys - before,
        acknowledged: Float64Array.from(times.acknowledged),
        delivered: Float64Array.from(times.delivered),
        failures,
        unfinished: underWay.size,
        throttled,
      };
    },
  };
}
