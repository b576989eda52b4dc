import type { Recorder } from "#lab/history/recorder.ts";
import type { Random } from "#sample-data/random.ts";
import type { Actor } from "./actor.ts";

const thinkMs = { min: 200, spread: 2_000 };
/** Probabilities per turn: a page is reloaded; a visitor leaves and another one comes. */
const reloadShare = 0.04;
const leaveShare = 0.008;

type Present = { actor: Actor; timer: NodeJS.Timeout; mayLeave: boolean };

/** Gives each actor a turn now and then. */
export class Turns {
  readonly #recorder: Recorder;
  readonly #random: Random;
  readonly #addVisitor: () => Promise<void>;
  readonly #all = new Set<Present>();
  /** of pages that were closed */
  #endedReconnects = 0;
  #isWriting = true;
  #isClosed = false;

  constructor(recorder: Recorder, random: Random, addVisitor: () => Promise<void>) {
    this.#recorder = recorder;
    this.#random = random;
    this.#addVisitor = addVisitor;
  }

  add(actor: Actor, { mayLeave }: { mayLeave: boolean }): void {
    if (this.#isClosed) return void actor.close();
    const timer = setTimeout(() => this.#takeTurn(present), this.#random.below(thinkMs.spread));
    const present: Present = { actor, mayLeave, timer };
    this.#all.add(present);
  }

  actors(): Actor[] {
    return [...this.#all].map(({ actor }) => actor);
  }

  stopWriting(): void {
    this.#isWriting = false;
  }

  reconnects(): number {
    return [...this.#all].reduce((sum, present) => sum + reconnectsOf(present), this.#endedReconnects);
  }

  close(): void {
    this.#isClosed = true;
    for (const present of this.#all) this.#leave(present);
  }

  #takeTurn(present: Present) {
    present.actor.update();
    present.timer = setTimeout(() => this.#takeTurn(present), thinkMs.min + this.#random.below(thinkMs.spread));
    if (this.#isWriting) this.#act(present);
  }

  #act(present: Present) {
    present.actor.act();
    if (this.#random.chance(reloadShare)) {
      const before = reconnectsOf(present);
      present.actor.reload();
      this.#endedReconnects += before - reconnectsOf(present);
    } else if (present.mayLeave && this.#random.chance(leaveShare)) {
      this.#leave(present);
      this.#recorder.history.left.add(present.actor.name);
      // If the server cannot be reached, there is one visitor less.
      this.#addVisitor().catch(() => {});
    }
  }

  #leave(present: Present) {
    clearTimeout(present.timer);
    this.#endedReconnects += reconnectsOf(present);
    present.actor.close();
    this.#all.delete(present);
  }
}

const reconnectsOf = ({ actor }: Present) => actor.clients().reduce((sum, client) => sum + client.reconnects(), 0);
