import fc from "fast-check";
import { expect, test } from "vitest";
import type { VisitorConversation } from "#protocol/conversations.ts";
import type { Message } from "#protocol/messages.ts";
import {
  apply,
  type Change,
  emptyState,
  hasOlder,
  isBehind,
  type LoadedPage,
  messagesOf,
  type State,
} from "./store.ts";
import type { Asked } from "./thread.ts";

/**
 * Any interleaving of sends, changes, events (lost, late, twice, out of order) and pages (answered late) ends with
 * exactly what is committed, once the reader knows the conversation's newest numbers and has asked for what is missing.
 */

const id = "c";
const moment = "2026-01-02T03:04:05.000Z";

/** A conversation as the server keeps it, and as one reader sees it, who may not see notes. */
class Committed {
  version = 1;
  changedVersion = 0;
  messages: Message[] = [];
  readonly #pageSize: number;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  visible = () => this.messages.filter(({ kind }) => kind !== "note");

  row(): VisitorConversation {
    const lastSeq = this.visible().at(-1)?.seq ?? 0;
    const { version, changedVersion } = this;
    const cursors = { agentReadSeq: 0, visitorReadSeq: 0, unread: 0 };
    const times = { lastMessageAt: moment, createdAt: moment };
    return { id, version, changedVersion, status: "open", lastSeq, ...cursors, ...times, continuesId: null };
  }

  send(kind: "text" | "note"): Change | null {
    this.version++;
    const prev = this.visible().at(-1)?.seq ?? 0;
    const seq = this.messages.length + 1;
    const author = { author: "agent", authorId: null, authorName: null } as const;
    const message = { id: `m${seq}`, conversationId: id, seq, kind, ...author, body: `${seq}`, details: null };
    this.messages.push({ ...message, createdAt: moment, editedAt: null, deletedAt: null, changedVersion: null });
    const data = { message: this.messages.at(-1)!, prev, conversation: this.row() };
    return kind === "note" ? null : { event: "message.created", data };
  }

  change(nth: number, isDeletion: boolean): Change | null {
    const at = nth % this.messages.length;
    const before = this.messages[at];
    if (!before || before.deletedAt) return null;
    this.version++;
    const prevChanged = this.changedVersion;
    this.changedVersion = this.version;
    const patch = isDeletion ? { body: "", deletedAt: moment } : { body: `at ${this.version}`, editedAt: moment };
    const message = { ...before, ...patch, changedVersion: this.version };
    this.messages[at] = message;
    const data = { message, prevChanged, conversation: this.row() };
    return message.kind === "note" ? null : { event: "message.changed", data };
  }

  page({ before, after, since }: Asked): LoadedPage<VisitorConversation> {
    const limit = this.#pageSize;
    const conversation = this.row();
    const all = this.visible();
    const changedSince = (message: Message) => (message.changedVersion ?? 0) > since!;
    const changed = since === undefined ? [] : all.filter(message => message.seq <= after! && changedSince(message));
    changed.sort((a, b) => a.changedVersion! - b.changedVersion!);
    const asked =
      after !== undefined ? all.filter(({ seq }) => seq > after) : all.filter(({ seq }) => !before || seq < before);
    const messages = after !== undefined ? asked.slice(0, limit) : asked.slice(-limit);
    const more = asked.length > limit;
    return { messages, more, changed: changed.slice(0, limit), moreChanged: changed.length > limit, conversation };
  }
}

type Step =
  | { type: "send"; note: boolean }
  | { type: "change"; nth: number; isDeletion: boolean }
  | { type: "deliver" | "lose" | "repeat" | "answer" | "fail"; nth: number }
  | { type: "ask"; what: "newest" | "older" | "missing" }
  | { type: "row" };

const nth = fc.nat(1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant("send" as const), note: fc.boolean() }),
  fc.record({ type: fc.constant("change" as const), nth, isDeletion: fc.boolean() }),
  fc.record({ type: fc.constantFrom("deliver", "lose", "repeat", "answer", "fail"), nth }),
  fc.record({ type: fc.constant("ask" as const), what: fc.constantFrom("newest", "older", "missing") }),
  fc.record({ type: fc.constant("row" as const) }),
);

/** A reader whose events and pages arrive when the test says so. */
class Reader {
  state: State<VisitorConversation> = emptyState;
  readonly #events: Change[] = [];
  readonly #answers: Change[] = [];
  readonly #server: Committed;

  constructor(server: Committed) {
    this.#server = server;
  }

  take(step: Step) {
    if (step.type === "send") this.#publish(this.#server.send(step.note ? "note" : "text"));
    else if (step.type === "change") this.#publish(this.#server.change(step.nth, step.isDeletion));
    else if (step.type === "ask") this.#ask(step.what);
    else if (step.type === "row") this.learnRow();
    else {
      const queue = step.type === "answer" || step.type === "fail" ? this.#answers : this.#events;
      const at = step.nth % (queue.length || 1);
      const change = queue[at];
      if (step.type !== "repeat") queue.splice(at, 1);
      if (change && step.type !== "lose" && step.type !== "fail") this.apply(change);
    }
  }

  #publish(change: Change | null) {
    if (change) this.#events.push(change);
  }

  #ask(what: Extract<Step, { type: "ask" }>["what"]) {
    const thread = this.state.threads[id];
    if (what === "newest" && !thread) this.#answers.push(this.#load({}));
    if (what === "missing" && thread) this.#answers.push(this.#load(this.missing()));
    if (what === "older" && thread?.messages[0]) this.#answers.push(this.#load(this.older()));
  }

  missing = (): Asked => ({ after: this.state.threads[id]!.lastSeq, since: this.state.threads[id]!.changedVersion });
  older = (): Asked => ({ before: this.state.threads[id]!.messages[0]!.seq });
  #load = (asked: Asked): Change => ({ event: "page.loaded", data: { ...this.#server.page(asked), asked } });

  learnRow() {
    this.apply({ event: "conversation.changed", data: { conversation: this.#server.row() } });
  }

  apply(change: Change) {
    this.state = apply(this.state, change);
    this.#expectNothingMissed();
  }

  /** What a thread's version says: a message whose last change is not newer is held as that change left it. */
  #expectNothingMissed() {
    const thread = this.state.threads[id];
    for (const { seq, changedVersion } of thread?.messages ?? []) {
      const last = this.#server.messages[seq - 1]!.changedVersion ?? 0;
      if (last <= thread!.changedVersion) expect(changedVersion ?? 0).toBe(last);
    }
  }

  /** What a client does after each hello, when nothing fails any more. */
  recover() {
    this.learnRow();
    if (!this.state.threads[id]) this.apply(this.#load({}));
    for (let requests = 0; ; requests++) {
      expect(requests).toBeLessThan(200);
      if (isBehind(this.state, id)) this.apply(this.#load(this.missing()));
      else if (hasOlder(this.state, id)) this.apply(this.#load(this.older()));
      else return;
    }
  }
}

const essence = (messages: Message[]) => messages.map(({ id, body, deletedAt }) => ({ id, body, deletedAt }));

test("a recovery ends with what is committed, after any loss, delay, duplicate or change of order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 120, size: "max" }), (pageSize, steps) => {
      const server = new Committed(pageSize);
      server.send("text");
      const reader = new Reader(server);
      for (const step of steps) reader.take(step);
      reader.recover();
      expect(essence(messagesOf(reader.state, id))).toEqual(essence(server.visible()));
    }),
    { numRuns: 2_000 },
  );
});
