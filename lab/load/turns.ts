import type { Pair, Side } from "./pairs.ts";

/** The author of the next message. `freeAt`: from then on the server's rate limit lets them write. */
export type Turn = { side: Side; pair: Pair; freeAt: number };

/** A little below the limits: a visitor may send 20 messages in 10 s, an agent 100. */
const minPauseMs = { visitor: 520, agent: 105 };

/** Chooses authors in rotation: the next one is always the one that has not written for the longest time. */
export class Turns {
  readonly #pairs: Pair[];
  readonly #agents: { pairs: Pair[]; turn: number }[];
  readonly #wroteAt = new Map<object, number>();
  #visitorTurn = 0;
  /** Half a round ahead: two authors of one conversation would share a batch, or wait for each other's row. */
  #agentTurn: number;

  constructor(pairs: Pair[]) {
    this.#pairs = pairs;
    this.#agents = [...Map.groupBy(pairs, pair => pair.agent).values()].map(each => ({ pairs: each, turn: 0 }));
    this.#agentTurn = this.#agents.length >> 1;
  }

  next(side: Side): Turn {
    const agent = this.#agents[this.#agentTurn % this.#agents.length]!;
    const pair =
      side === "visitor"
        ? this.#pairs[this.#visitorTurn % this.#pairs.length]!
        : agent.pairs[agent.turn % agent.pairs.length]!;
    return { side, pair, freeAt: (this.#wroteAt.get(pair[side]) ?? 0) + minPauseMs[side] };
  }

  /** Marks the turn as used, now. */
  take({ side, pair }: Turn): void {
    if (side === "visitor") this.#visitorTurn++;
    else this.#agents[this.#agentTurn++ % this.#agents.length]!.turn++;
    this.#wroteAt.set(pair[side], performance.now());
  }
}
