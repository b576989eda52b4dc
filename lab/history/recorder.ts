import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";
import { deletedInWords } from "#server/features/messages/message.ts";
import {
  type Audience,
  type Author,
  type Change,
  emptyHistory,
  isPublic,
  type MessageCopy,
  type Receiver,
  type Sent,
} from "./history.ts";

/** The newest numbers of a conversation, for agents and for its visitor. */
export type Head = {
  websiteId: number;
  visitorId: string | null;
  last: number;
  lastPublic: number;
  changed: number;
  changedPublic: number;
};

/** Every text has a number, by which it is found in frames and answers. */
const numberedText = / (\d+) by /g;

/** Records the history while it happens. */
export class Recorder {
  readonly history = emptyHistory();
  /** by conversation, of what was acknowledged */
  readonly heads = new Map<string, Head>();
  /** how often each error code came, by any transport */
  readonly refusals = new Map<string, number>();
  /** by number; of an edit the message that it changes */
  readonly #texts: { text: string; sent: Sent }[] = [];
  /** by the message's first text: when its deletion was acknowledged */
  readonly #deletedAt = new Map<string, number>();
  #step = 0;

  /** @returns a unique body */
  write(actor: string, author: Author, kind: Sent["kind"], prefix: string, isForbidden = false): string {
    const body = `${prefix} ${this.#texts.length + 1} by ${actor}`;
    const sent: Sent = { actor, author, kind, body, isForbidden };
    this.history.sent.push(sent);
    this.#texts.push({ text: body, sent });
    return body;
  }

  /** @returns an edit with a unique text, or a deletion; null if the message's text is not one of an actor */
  change(
    by: Pick<Change, "actor" | "page" | "isForbidden">,
    message: Pick<Message, "conversationId" | "id" | "body">,
    isDeletion: boolean,
  ): Change | null {
    const sent = this.#find(message.body)?.sent;
    if (!sent) return null;
    const text = `Edited ${this.#texts.length + 1} by ${by.actor}`;
    if (!isDeletion) this.#texts.push({ text, sent });
    const { conversationId, id } = message;
    const change: Change = {
      ...by,
      ...{ conversationId, id },
      original: sent.body,
      body: isDeletion ? null : text,
      outcome: "pending",
      code: null,
      mayRepeat: false,
      sentAt: ++this.#step,
      answeredAt: null,
    };
    this.history.changes.push(change);
    return change;
  }

  acknowledgeChange(change: Change, mayRepeat: boolean): void {
    Object.assign(change, { outcome: "acknowledged", mayRepeat, answeredAt: ++this.#step });
    if (change.body === null) this.#deletedAt.set(change.original, performance.now());
  }

  refuseChange(change: Change, { code }: Pick<ErrorBody, "code">): void {
    Object.assign(change, { outcome: "refused", code, answeredAt: ++this.#step });
  }

  /** @returns to be called with what the receiver receives */
  addReceiver(name: string, audience: Audience) {
    const keys = new Set<string>();
    const receiver: Receiver = { name, audience, received: [], texts: new Set() };
    this.history.receivers.push(receiver);
    return {
      addMessage: (message: Message) => {
        const copy = copyOf(message);
        const key = JSON.stringify(copy);
        if (keys.has(key)) return;
        keys.add(key);
        receiver.received.push(copy);
      },
      /** @param askedAt  when the request began that this answers, by performance.now(); undefined: it was not asked for */
      addTexts: (content: object, askedAt?: number) => {
        for (const text of this.listTexts(content)) {
          receiver.texts.add(text);
          const deletedAt = this.#deletedAt.get(this.#find(text)!.sent.body);
          if (askedAt && deletedAt && deletedAt < askedAt) this.history.revealed.push({ receiver: name, text });
        }
      },
    };
  }

  acknowledge(author: Author, message: Message, websiteId: number): void {
    this.history.acknowledged.push(copyOf(message));
    const { conversationId, seq } = message;
    const head = this.heads.get(conversationId) ?? newHead(websiteId);
    const changed = message.changedVersion ?? 0;
    head.last = Math.max(head.last, seq);
    head.changed = Math.max(head.changed, changed);
    if (isPublic(message)) {
      head.lastPublic = Math.max(head.lastPublic, seq);
      head.changedPublic = Math.max(head.changedPublic, changed);
    }
    if (author.kind === "visitor") head.visitorId = author.id;
    this.heads.set(conversationId, head);
  }

  refuse({ code }: Pick<ErrorBody, "code">): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** @returns each text of an actor that is anywhere in `content` */
  listTexts(content: object): string[] {
    const numbers = [...JSON.stringify(content).matchAll(numberedText)].map(([, number]) => Number(number));
    return [...new Set(numbers)].flatMap(number => this.#texts[number - 1]?.text ?? []);
  }

  #find(text: string) {
    const [, number] = / (\d+) by /.exec(text) ?? [];
    const found = this.#texts[Number(number) - 1];
    return found?.text === text ? found : undefined;
  }
}

const newHead = (websiteId: number): Head => ({
  websiteId,
  visitorId: null,
  last: 0,
  lastPublic: 0,
  changed: 0,
  changedPublic: 0,
});

export const copyOf = ({ conversationId, seq, id, kind, body, changedVersion, deletedAt }: Message): MessageCopy => ({
  conversationId,
  seq,
  id,
  kind,
  // On the first page a deleted message has this body, for clients of protocol 1.
  body: deletedAt && body === deletedInWords ? "" : body,
  changedVersion: changedVersion ?? 0,
  isDeleted: !!deletedAt,
});
