import { check } from "./check.ts";
import type { Author, Change, Held, History, MessageCopy, Stored, StoredMessage } from "./history.ts";
import type { Rule } from "./violation.ts";

/** A chat that keeps all promises, for tests to damage. */

export const vera: Author = { kind: "visitor", id: "vera", websiteIds: [1] };
const adam: Author = { kind: "agent", id: "adam", websiteIds: [1] };
const veras = { websiteIds: [1], visitorId: "vera" };
const adams = { websiteIds: [1], visitorId: null };

export type Chat = { history: History; stored: Stored; held: Held[] };

export const copy = (seq: number, kind: MessageCopy["kind"], body: string, changedVersion = 0): MessageCopy => ({
  conversationId: "c",
  seq,
  id: `id ${seq}`,
  kind,
  body,
  changedVersion,
  isDeleted: false,
});

/** Damage to one copy of a message must not be damage to all. */
const cloneAll = (messages: MessageCopy[]) => messages.map(message => ({ ...message }));

/** A change that was acknowledged. */
export const change = (p: Pick<Change, "actor" | "id" | "original" | "body" | "sentAt"> & Partial<Change>): Change => ({
  page: `page of ${p.actor}`,
  conversationId: "c",
  isForbidden: false,
  outcome: "acknowledged",
  code: null,
  mayRepeat: false,
  answeredAt: p.sentAt + 1,
  ...p,
});

const first = [
  copy(1, "text", "question"),
  copy(2, "note", "hm"),
  copy(3, "text", "answer"),
  copy(4, "text", "typo"),
  copy(5, "text", "secret"),
];
const [asked, note, answered, typo, secret] = first as [
  MessageCopy,
  MessageCopy,
  MessageCopy,
  MessageCopy,
  MessageCopy,
];
const edited = copy(4, "text", "fixed", 6);
const deleted = { ...secret, body: "", changedVersion: 7, isDeleted: true };
const last = [asked, note, answered, edited, deleted];

/**
 * Vera asks, Adam writes a note and answers. Vera writes once more and edits that; Adam writes once more and deletes it.
 * Both hold what they may see; a stranger received nothing.
 */
export const createChat = (): Chat => ({ history: createHistory(), stored: createStored(), held: createHeld() });

const createHistory = (): History => ({
  sent: [
    { actor: "Vera", author: vera, kind: "text", body: "question", isForbidden: false },
    { actor: "Adam", author: adam, kind: "note", body: "hm", isForbidden: false },
    { actor: "Adam", author: adam, kind: "text", body: "answer", isForbidden: false },
    { actor: "Vera", author: vera, kind: "text", body: "typo", isForbidden: false },
    { actor: "Adam", author: adam, kind: "text", body: "secret", isForbidden: false },
  ],
  changes: [
    change({ actor: "Vera", id: "id 4", original: "typo", body: "fixed", sentAt: 1 }),
    change({ actor: "Adam", id: "id 5", original: "secret", body: null, sentAt: 3 }),
  ],
  acknowledged: cloneAll([...first, edited, deleted]),
  refused: [],
  receivers: [
    {
      name: "Vera",
      audience: veras,
      received: cloneAll([asked, answered, typo, secret, edited, deleted]),
      texts: new Set(["question", "answer", "typo", "secret", "fixed"]),
    },
    {
      name: "Adam",
      audience: adams,
      received: cloneAll([...first, asked, edited, deleted]),
      texts: new Set(["question", "hm", "answer", "typo", "secret", "fixed"]),
    },
    { name: "Stranger", audience: { websiteIds: [2], visitorId: null }, received: [], texts: new Set() },
  ],
  revealed: [],
  left: new Set(),
});

const createStored = (): Stored => ({
  conversations: [
    {
      websiteId: 1,
      id: "c",
      visitorId: "vera",
      lastSeq: 5,
      lastPublicSeq: 5,
      agentReadSeq: 1,
      visitorReadSeq: 0,
      agentUnread: 1,
      visitorUnread: 1,
      preview: "fixed",
      previewAuthor: "visitor",
    },
  ],
  messages: [
    stored(asked, "visitor"),
    stored(note, "agent"),
    stored(answered, "agent"),
    stored(edited, "visitor"),
    { ...stored(deleted, "agent"), text: "secret" },
  ],
});

function createHeld(): Held[] {
  const thread = { conversationId: "c", lastSeq: 5, unread: 1 };
  return [
    {
      name: "Vera",
      audience: veras,
      threads: [{ ...thread, messages: cloneAll([asked, answered, edited, deleted]), preview: null }],
      unsent: [],
      texts: ["question", "answer", "fixed"],
    },
    {
      name: "Adam",
      audience: adams,
      threads: [{ ...thread, messages: cloneAll(last), preview: "fixed" }],
      unsent: [],
      texts: ["question", "hm", "answer", "fixed"],
    },
  ];
}

const stored = (message: MessageCopy, author: "visitor" | "agent"): StoredMessage => ({
  ...message,
  websiteId: 1,
  author,
  authorId: author === "agent" ? "adam" : null,
  text: message.body,
});

/** @returns the rules that the checker finds broken */
export function listBroken(damage: (chat: Chat) => void): Rule[] {
  const chat = createChat();
  damage(chat);
  const violations = check(chat.history, chat.stored, chat.held);
  return [...new Set(violations.map(({ rule }) => rule))].sort();
}
