import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";
import { type Audience, type Author, emptyHistory, type History, isPublic, type Seen, type Sent } from "./history.ts";

/** How far a conversation is known to be stored, for whoever may see all of it and for its visitor. */
export type Head = { websiteId: number; visitorId: string | null; last: number; lastPublic: number };

/** Writes down what happens, while it happens. */
export type Recorder = {
  history: History;
  /** by conversation, of what was acknowledged */
  heads: Map<string, Head>;
  /** refusals by their code, on whatever way they came */
  refusals: Map<string, number>;
  /** @returns a body unlike any other */
  write(person: string, author: Author, kind: Sent["kind"], about: string, isForbidden?: boolean): string;
  /** @returns what takes the messages that somebody is told of */
  listen(name: string, audience: Audience): (message: Message) => void;
  acknowledge(author: Author, message: Message): void;
  refuse(error: Pick<ErrorBody, "code">): void;
};

export function createRecorder(): Recorder {
  const history = emptyHistory();
  const heads: Recorder["heads"] = new Map();
  const refusals: Recorder["refusals"] = new Map();
  return {
    history,
    heads,
    refusals,
    write(person, author, kind, about, isForbidden = false) {
      const body = `${about} ${history.sent.length + 1} by ${person}`;
      history.sent.push({ person, author, kind, body, isForbidden });
      return body;
    },
    listen(name, audience) {
      const heard = new Map<string, Seen>();
      const listener = { name, audience, heard: [] as Seen[] };
      history.listeners.push(listener);
      return message => {
        const seen = seenOf(message);
        const key = JSON.stringify(seen);
        if (heard.has(key)) return;
        heard.set(key, seen);
        listener.heard.push(seen);
      };
    },
    acknowledge(author, message) {
      history.acknowledged.push(seenOf(message));
      const { conversationId, seq } = message;
      const [websiteId = 0] = author.websiteIds;
      const head = heads.get(conversationId) ?? { websiteId, visitorId: null, last: 0, lastPublic: 0 };
      head.last = Math.max(head.last, seq);
      if (isPublic(message)) head.lastPublic = Math.max(head.lastPublic, seq);
      if (author.kind === "visitor") head.visitorId = author.id;
      heads.set(conversationId, head);
    },
    refuse: ({ code }) => void refusals.set(code, (refusals.get(code) ?? 0) + 1),
  };
}

export const seenOf = ({ conversationId, seq, id, kind, body }: Message): Seen => ({
  conversationId,
  seq,
  id,
  kind,
  body,
});
