import { setTimeout as sleep } from "node:timers/promises";
import type { History } from "#lab/load/check.ts";
import { keyOf, type Side } from "#lab/load/pairs.ts";
import type { Agent, Driver, Visitor } from "#lab/load/system-under-test.ts";
import type { Step } from "./visits-report.ts";

/** An agent at work: takes what the visitors of a website write. */
export type Desk = { agent: Agent; byKey: Map<string, Visit>; byConversation: Map<string, Visit> };

const pages = ["bikes", "bikes/touring", "cart", "delivery", "returns"].map(path => `https://shop.example/${path}`);
const words = "I ordered it two weeks ago and it was meant to arrive today; can you see where it is?";
/** For what nobody answers: enough that the server has done it. */
const unansweredMs = 2;
/** After that a step has failed: a read mark beyond the rate limit, for example, is never answered. */
const maxStepMs = 20_000;

export async function openDesk(driver: Driver, website: number, localAddress: string): Promise<Desk> {
  const desk: Omit<Desk, "agent"> = { byKey: new Map(), byConversation: new Map() };
  const agent = await driver.openAgent({
    website,
    localAddress,
    onMessage(conversation, body) {
      const key = keyOf(body);
      const visit = desk.byConversation.get(conversation) ?? desk.byKey.get(key);
      if (!visit) return;
      desk.byConversation.set(conversation, visit);
      visit.onReceived("visitor", key, conversation);
    },
  });
  return { ...desk, agent };
}

/** One visitor's visit to a website, step by step. */
export class Visit {
  readonly history: History = {
    conversation: "",
    sent: { visitor: [], agent: [] },
    received: { visitor: [], agent: [] },
  };
  readonly #driver: Driver;
  readonly #desk: Desk;
  readonly #at: { website: number; localAddress: string; key: string };
  #visitor!: Visitor;
  #pages = 0;
  /** the message that the next step waits for */
  #awaited: { key: string; resolve(): void } | null = null;

  constructor(driver: Driver, desk: Desk, at: { website: number; localAddress: string; key: string }) {
    this.#driver = driver;
    this.#desk = desk;
    this.#at = at;
  }

  /** Makes a step once, and waits until it is answered and the other side has what it should get. */
  async take(step: Step, nth = 0): Promise<void> {
    const tooLate = new AbortController();
    const timer = sleep(maxStepMs, undefined, { signal: tooLate.signal }).then(() => {
      throw new Error(`${step}: no answer in ${maxStepMs / 1000} s`);
    });
    try {
      await Promise.race([this.#take(step, nth), timer]);
    } finally {
      tooLate.abort();
      timer.catch(() => {});
    }
  }

  async #take(step: Step, nth: number): Promise<void> {
    const { conversation } = this.history;
    switch (step) {
      case "connect":
        this.#visitor = await this.#driver.openVisitor({
          ...this.#at,
          onMessage: body => this.onReceived("agent", keyOf(body)),
        });
        return;
      case "page view":
        this.#visitor.viewPage(pages[this.#pages++ % pages.length]!);
        return void (await sleep(unansweredMs));
      case "first message":
        return this.#send("visitor");
      case "further message":
        return this.#send(nth % 2 ? "visitor" : "agent");
      case "typing":
        if (nth % 2) this.#visitor.type();
        else this.#desk.agent.type(conversation);
        return void (await sleep(unansweredMs));
      case "read mark":
        return nth % 2 ? this.#visitor.markRead() : this.#desk.agent.markRead(conversation);
      case "resolve":
        return this.#desk.agent.resolve(conversation);
      case "leave":
        this.#visitor.close();
        return void (await sleep(unansweredMs));
    }
  }

  comeBack(): Promise<void> {
    return this.#visitor.comeBack();
  }

  onReceived(from: Side, key: string, conversation?: string): void {
    if (conversation) this.history.conversation = conversation;
    this.history.received[from].push(key);
    if (this.#awaited?.key === key) this.#awaited.resolve();
  }

  async #send(side: Side): Promise<void> {
    const sent = { key: `${side[0]}${this.#at.key}.${this.history.sent[side].length}`, isAcknowledged: false };
    this.history.sent[side].push(sent);
    const delivered = Promise.withResolvers<void>();
    this.#awaited = { key: sent.key, resolve: delivered.resolve };
    const body = `${sent.key} ${words}`;
    if (side === "visitor") {
      this.#desk.byKey.set(sent.key, this);
      await this.#visitor.send(body);
    } else await this.#desk.agent.send(this.history.conversation, body);
    sent.isAcknowledged = true;
    await delivered.promise;
  }
}
