import { setTimeout as sleep } from "node:timers/promises";
import type { Pair, Side } from "./pairs.ts";
import { type Turn, Turns } from "./turns.ts";

/** `atOnce`: the next message is sent when an earlier one is done. `perSecond`: when it is due, even if earlier ones are late. */
export type Pace = { atOnce: number } | { perSecond: number };

export type LoadResult = {
  seconds: number;
  /** acknowledged and delivered before the time was over */
  doneInTime: number;
  sent: number;
  /** milliseconds from when a message was due until it was acknowledged, and until the other side received it */
  acknowledged: Float64Array;
  delivered: Float64Array;
  /** why messages were refused */
  failures: string[];
  /** neither refused nor both acknowledged and delivered 20 s after the end */
  unfinished: number;
  /** messages that waited because all authors had used up their rate limit: more visitors are needed */
  throttled: number;
};

type Step = "acknowledged" | "delivered";
/** A message on its way, until both steps are done. */
type Pending = { dueAt: number; stepsLeft: number };

const tickMs = 2;
/** After the end, for messages on their way. */
const maxWaitMs = 20_000;
const words = "I ordered it two weeks ago and it was meant to arrive today; can you see where it is?";

/** Messages of visitors and agents in turn, one run at a time. */
export class MessageLoad {
  readonly #worker: number;
  readonly #turns: Turns;
  readonly #pending = new Map<string, Pending>();
  #keys = 0;
  #times: Record<Step, number[]> = { acknowledged: [], delivered: [] };
  #doneAt: number[] = [];
  #failures: string[] = [];
  #throttled = 0;
  #onDone = () => {};
  #stop = new AbortController();

  /** @param worker  number of this worker: part of the messages' keys */
  constructor(worker: number, pairs: Pair[]) {
    this.#worker = worker;
    this.#turns = new Turns(pairs);
  }

  async run({ pace, seconds }: { pace: Pace; seconds: number }): Promise<LoadResult> {
    this.#reset();
    const [keysBefore, begun] = [this.#keys, performance.now()];
    const end = begun + seconds * 1000;
    await ("atOnce" in pace ? this.#keepBusy(pace.atOnce, end) : this.#keepTime(pace.perSecond, begun, end));
    const ended = Math.min(end, performance.now());
    while (this.#pending.size > 0 && performance.now() < ended + maxWaitMs) await sleep(tickMs);
    return {
      seconds: (ended - begun) / 1000,
      doneInTime: this.#doneAt.filter(at => at <= ended).length,
      sent: this.#keys - keysBefore,
      acknowledged: Float64Array.from(this.#times.acknowledged),
      delivered: Float64Array.from(this.#times.delivered),
      failures: this.#failures,
      unfinished: this.#pending.size,
      throttled: this.#throttled,
    };
  }

  /** Ends the current run early. */
  stop(): void {
    this.#stop.abort();
  }

  /** To be called when the other side of a pair has received a message. */
  onReceived(key: string): void {
    this.#complete(key, "delivered");
  }

  #reset(): void {
    this.#times = { acknowledged: [], delivered: [] };
    this.#doneAt = [];
    this.#failures = [];
    this.#throttled = 0;
    this.#stop = new AbortController();
    this.#pending.clear();
  }

  /** Keeps `atOnce` messages on their way. */
  async #keepBusy(atOnce: number, end: number): Promise<void> {
    // Wakes up even if no message completes any more, to notice the end.
    const wakeUp = setInterval(() => this.#onDone(), 100);
    for (let nth = 0; performance.now() < end && !this.#stop.signal.aborted; nth++) {
      while (this.#pending.size >= atOnce && performance.now() < end) {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#onDone = resolve;
        await promise;
      }
      const turn = this.#turns.next(sideOf(nth));
      const now = performance.now();
      if (turn.freeAt > now) {
        this.#throttled++;
        await sleep(turn.freeAt - now);
      }
      this.#send(turn, performance.now());
    }
    clearInterval(wakeUp);
  }

  /** Sends each message when it is due, even if earlier ones are late. */
  async #keepTime(perSecond: number, begun: number, end: number): Promise<void> {
    const dueAt = (nth: number) => begun + (nth / perSecond) * 1000;
    for (let nth = 0; !this.#stop.signal.aborted; ) {
      const now = performance.now();
      for (; dueAt(nth) <= Math.min(now, end); nth++) {
        const turn = this.#turns.next(sideOf(nth));
        if (turn.freeAt > now) this.#throttled++;
        this.#send(turn, dueAt(nth));
      }
      if (now >= end) break;
      await sleep(tickMs);
    }
  }

  #send(turn: Turn, dueAt: number): void {
    const { side, pair } = turn;
    this.#turns.take(turn);
    const key = `${side[0]}${this.#worker}.${this.#keys++}`;
    const sent = { key, isAcknowledged: false };
    this.#pending.set(key, { dueAt, stepsLeft: 2 });
    pair.sent[side].push(sent);
    const body = `${key} ${words}`;
    const sending = side === "visitor" ? pair.visitor.send(body) : pair.agent.send(pair.conversation, body);
    sending.then(
      () => {
        sent.isAcknowledged = true;
        this.#complete(key, "acknowledged");
      },
      (error: { message?: string } | null) => {
        this.#failures.push(error?.message ?? "the socket broke");
        this.#pending.delete(key);
        this.#onDone();
      },
    );
  }

  #complete(key: string, step: Step): void {
    const pending = this.#pending.get(key);
    if (!pending) return;
    const now = performance.now();
    this.#times[step].push(now - pending.dueAt);
    if (--pending.stepsLeft > 0) return;
    this.#pending.delete(key);
    this.#doneAt.push(now);
    this.#onDone();
  }
}

const sideOf = (nth: number): Side => (nth % 2 ? "agent" : "visitor");
