import { expect, test } from "vitest";
import { check, type Rule } from "./check.ts";
import type { Held, History, MessageCopy, Stored } from "./history.ts";

/** A checker that cannot fail proves nothing: each promise is broken in a small chat, and the checker must name it. */

const visitor = { kind: "visitor" as const, id: "vera", websiteIds: [1] };
const agent = { kind: "agent" as const, id: "adam", websiteIds: [1] };

type Chat = { history: History; stored: Stored; held: Held[] };

/** Vera asks, Adam writes a note and answers. Both hold what they may see; a stranger received nothing. */
function chat(): Chat {
  const copy = (seq: number, kind: MessageCopy["kind"], body: string): MessageCopy => ({
    conversationId: "c",
    seq,
    id: `id ${seq}`,
    kind,
    body,
  });
  const all = [copy(1, "text", "question"), copy(2, "note", "hm"), copy(3, "text", "answer")];
  const visible = [all[0]!, all[2]!];
  const stored = (each: MessageCopy, author: "visitor" | "agent") => ({
    ...each,
    websiteId: 1,
    author,
    authorId: author === "agent" ? "adam" : null,
  });
  const veras = { websiteIds: [1], visitorId: "vera" };
  const adams = { websiteIds: [1], visitorId: null };
  return {
    history: {
      sent: [
        { actor: "Vera", author: visitor, kind: "text", body: "question", isForbidden: false },
        { actor: "Adam", author: agent, kind: "note", body: "hm", isForbidden: false },
        { actor: "Adam", author: agent, kind: "text", body: "answer", isForbidden: false },
      ],
      acknowledged: [...all],
      refused: [],
      receivers: [
        { name: "Vera", audience: veras, received: [...visible] },
        { name: "Adam", audience: adams, received: [...all, all[0]!] },
        { name: "Stranger", audience: { websiteIds: [2], visitorId: null }, received: [] },
      ],
      left: new Set(),
    },
    stored: {
      conversations: [
        {
          websiteId: 1,
          id: "c",
          visitorId: "vera",
          lastSeq: 3,
          lastPublicSeq: 3,
          agentReadSeq: 1,
          visitorReadSeq: 0,
          agentUnread: 0,
          visitorUnread: 1,
        },
      ],
      messages: [stored(all[0]!, "visitor"), stored(all[1]!, "agent"), stored(all[2]!, "agent")],
    },
    held: [
      {
        name: "Vera",
        audience: veras,
        threads: [{ conversationId: "c", messages: [...visible], unread: 1 }],
        unsent: [],
      },
      { name: "Adam", audience: adams, threads: [{ conversationId: "c", messages: [...all], unread: 0 }], unsent: [] },
    ],
  };
}

function rulesBroken(damage: (chat: Chat) => void): Rule[] {
  const damaged = chat();
  damage(damaged);
  const violations = check(damaged.history, damaged.stored, damaged.held);
  return [...new Set(violations.map(({ rule }) => rule))].sort();
}

test("a chat that keeps its promises has no violations", () => {
  expect(rulesBroken(() => {})).toEqual([]);
});

const broken: [string, (chat: Chat) => void, Rule[]][] = [
  [
    "acknowledged, received and held, but not stored",
    ({ stored }) => {
      stored.messages.pop();
      Object.assign(stored.conversations[0]!, { lastSeq: 2, lastPublicSeq: 1, visitorUnread: 0 });
    },
    ["lost", "phantom", "unread", "unstored"],
  ],
  [
    "acknowledged with another number than it is stored with",
    ({ history }) => Object.assign(history, { acknowledged: [{ ...history.acknowledged[0]!, seq: 2 }] }),
    ["lost"],
  ],
  [
    "stored twice under two numbers",
    ({ stored, history, held }) => {
      const duplicate = { ...stored.messages[2]!, seq: 4, id: "id 4" };
      stored.messages.push(duplicate);
      Object.assign(stored.conversations[0]!, { lastSeq: 4, lastPublicSeq: 4, visitorUnread: 2 });
      for (const { received } of history.receivers.slice(0, 2)) received.push(duplicate);
      for (const { threads } of held) threads[0]!.messages.push(duplicate);
      held[0]!.threads[0]!.unread = 2;
    },
    ["doubled"],
  ],
  [
    "one id twice in a conversation",
    ({ stored, history, held }) => {
      const all = [...history.acknowledged, ...history.receivers.flatMap(({ received }) => received)];
      const copies = held.flatMap(({ threads }) => threads.flatMap(({ messages }) => messages));
      for (const each of [...all, ...copies, ...stored.messages]) if (each.seq === 3) each.id = "id 1";
    },
    ["doubled"],
  ],
  [
    "a number is missing",
    ({ stored, history, held }) => {
      const all = [...history.acknowledged, ...history.receivers.flatMap(({ received }) => received)];
      const copies = held.flatMap(({ threads }) => threads.flatMap(({ messages }) => messages));
      for (const each of new Set([...all, ...copies, ...stored.messages])) if (each.seq === 3) each.seq = 4;
      Object.assign(stored.conversations[0]!, { lastSeq: 4, lastPublicSeq: 4 });
    },
    ["gap"],
  ],
  ["stored, and nobody sent it", ({ history }) => void history.sent.pop(), ["altered"]],
  [
    "stored under another author",
    ({ stored }) => {
      stored.messages[2]!.authorId = "eve";
    },
    ["altered"],
  ],
  [
    "sent by an actor who has not left, and neither stored nor refused",
    ({ history }) =>
      history.sent.push({ actor: "Vera", author: visitor, kind: "text", body: "and", isForbidden: false }),
    ["unsent"],
  ],
  ["left in an outbox", ({ held }) => held[0]!.unsent.push("and"), ["unsent"]],
  [
    "refused without reason",
    ({ history }) => history.refused.push({ body: "question", code: "conflict" }),
    ["refused"],
  ],
  [
    "stored though it is forbidden",
    ({ history }) => {
      history.sent[0]!.isForbidden = true;
    },
    ["accepted"],
  ],
  [
    "unread counters that drift",
    ({ stored, held }) => {
      stored.conversations[0]!.visitorUnread = 2;
      held[0]!.threads[0]!.unread = 2;
    },
    ["unread"],
  ],
  [
    "a client that shows another count than is stored",
    ({ held }) => {
      held[1]!.threads[0]!.unread = 5;
    },
    ["unread"],
  ],
  [
    "a visitor who received a note",
    ({ history }) => history.receivers[0]!.received.push(history.acknowledged[1]!),
    ["leaked"],
  ],
  [
    "a visitor who received another visitor's message",
    ({ history }) => {
      const audience = { websiteIds: [1], visitorId: "victor" };
      history.receivers.push({ name: "Victor", audience, received: [history.acknowledged[0]!] });
    },
    ["leaked"],
  ],
  [
    "an agent who received another website's message",
    ({ history }) => history.receivers[2]!.received.push(history.acknowledged[0]!),
    ["leaked"],
  ],
  [
    "received before it was stored, and then not stored",
    ({ history }) => history.receivers[0]!.received.push({ ...history.acknowledged[0]!, body: "never" }),
    ["unstored"],
  ],
  ["a client that lacks the last message", ({ held }) => void held[0]!.threads[0]!.messages.pop(), ["missing"]],
  ["a client that lacks the conversation", ({ held }) => void held[1]!.threads.pop(), ["missing"]],
  [
    "a client that holds two in the wrong order",
    ({ held }) => void held[1]!.threads[0]!.messages.reverse(),
    ["disordered"],
  ],
  [
    "a client that holds one twice",
    ({ held }) => held[1]!.threads[0]!.messages.push(held[1]!.threads[0]!.messages[2]!),
    ["disordered"],
  ],
  [
    "a client that holds what is not stored",
    ({ held }) =>
      held[1]!.threads[0]!.messages.push({ conversationId: "c", seq: 4, id: "id 4", kind: "text", body: "never" }),
    ["phantom"],
  ],
];

test.each(broken)("it finds: %s", (_name, damage, rules) => {
  expect(rulesBroken(damage)).toEqual(rules);
});

test("messages that an actor who has left did not send are not lost", () => {
  const unsent = (left: string[]) =>
    rulesBroken(({ history }) => {
      history.sent.push({ actor: "Vera", author: visitor, kind: "text", body: "and", isForbidden: false });
      history.left = new Set(left);
    });
  expect([unsent(["Vera"]), unsent(["Adam"])]).toEqual([[], ["unsent"]]);
});
