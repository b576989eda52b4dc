import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";
import {
  type Audience,
  type Author,
  emptyHistory,
  type History,
  isPublic,
  type MessageCopy,
  type Sent,
} from "./history.ts";

/** The newest numbers of a conversation, for agents and for its visitor. */
export type Head = { websiteId: number; visitorId: string | null; last: number; lastPublic: number };

/** Records the history while it happens. */
export type Recorder = {
  history: History;
  /** by conversation, of what was acknowledged */
  heads: Map<string, Head>;
  /** how often each error code came, by any transport */
  refusals: Map<string, number>;
  /** @returns a unique body */
  write(actor: string, author: Author, kind: Sent["kind"], prefix: string, isForbidden?: boolean): string;
  /** @returns to be called with each message that the receiver receives */
  addReceiver(name: string, audience: Audience): (message: Message) => void;
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
    write(actor, author, kind, prefix, isForbidden = false) {
      const body = `${prefix} ${history.sent.length + 1} by ${actor}`;
      history.sent.push({ actor, author, kind, body, isForbidden });
      return body;
    },
    addReceiver(name, audience) {
      const keys = new Set<string>();
      const receiver = { name, audience, received: [] as MessageCopy[] };
      history.receivers.push(receiver);
      return message => {
        const copy = copyOf(message);
        const key = JSON.stringify(copy);
        if (keys.has(key)) return;
        keys.add(key);
        receiver.received.push(copy);
      };
    },
    acknowledge(author, message) {
      history.acknowledged.push(copyOf(message));
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

export const copyOf = ({ conversationId, seq, id, kind, body }: Message): MessageCopy => ({
  conversationId,
  seq,
  id,
  kind,
  body,
});
