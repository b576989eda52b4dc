import { expect, test } from "vitest";
import { type Chat, copy, listBroken, vera } from "./small-chat.ts";
import type { Rule } from "./violation.ts";

/** A checker that cannot fail proves nothing: each rule is broken in a small chat, and the checker must name it. */

test("a chat without errors has no violations", () => {
  expect(listBroken(() => {})).toEqual([]);
});

/** All copies of the messages, at clients, in answers and stored. */
const copiesOf = ({ stored, history, held }: Chat) => [
  ...history.acknowledged,
  ...history.receivers.flatMap(({ received }) => received),
  ...held.flatMap(({ threads }) => threads.flatMap(({ messages }) => messages)),
  ...stored.messages,
];

const broken: [string, (chat: Chat) => void, Rule[]][] = [
  [
    "acknowledged, received and held, but not stored",
    ({ stored, held }) => {
      stored.messages.pop();
      Object.assign(stored.conversations[0]!, { lastSeq: 4, lastPublicSeq: 4 });
      for (const { threads } of held) threads[0]!.lastSeq = 4;
    },
    ["lost", "phantom", "unstored"],
  ],
  [
    "acknowledged with another number than it is stored with",
    ({ history }) => Object.assign(history, { acknowledged: [{ ...history.acknowledged[0]!, seq: 2 }] }),
    ["lost"],
  ],
  [
    "stored twice under two numbers",
    ({ stored, history, held }) => {
      const duplicate = { ...stored.messages[2]!, seq: 6, id: "id 6" };
      stored.messages.push(duplicate);
      const counts = { lastSeq: 6, lastPublicSeq: 6, visitorUnread: 2 };
      Object.assign(stored.conversations[0]!, counts, { preview: "answer", previewAuthor: "agent" });
      for (const { received } of history.receivers.slice(0, 2)) received.push(duplicate);
      for (const { threads } of held) {
        threads[0]!.messages.push(duplicate);
        threads[0]!.lastSeq = 6;
      }
      held[0]!.threads[0]!.unread = 2;
      held[1]!.threads[0]!.preview = "answer";
    },
    ["doubled"],
  ],
  [
    "one id twice in a conversation",
    chat => {
      for (const each of copiesOf(chat)) if (each.seq === 3) each.id = "id 1";
    },
    ["doubled"],
  ],
  [
    "a number is missing",
    chat => {
      for (const each of copiesOf(chat)) if (each.seq === 5) each.seq = 6;
      Object.assign(chat.stored.conversations[0]!, { lastSeq: 6, lastPublicSeq: 6 });
      for (const { threads } of chat.held) threads[0]!.lastSeq = 6;
    },
    ["gap"],
  ],
  ["stored, but not sent", ({ history }) => void history.sent.splice(2, 1), ["altered"]],
  [
    "stored under another author",
    ({ stored }) => {
      stored.messages[2]!.authorId = "eve";
    },
    ["altered"],
  ],
  [
    "sent by an actor who has not left, and neither stored nor refused",
    ({ history }) => history.sent.push({ actor: "Vera", author: vera, kind: "text", body: "and", isForbidden: false }),
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
      history.receivers.push({ name: "Victor", audience, received: [history.acknowledged[0]!], texts: new Set() });
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
    "a client that shows another last number than is stored",
    ({ held }) => {
      held[0]!.threads[0]!.lastSeq = 4;
    },
    ["unread"],
  ],
  [
    "a visitor who received the text of a note in a preview",
    ({ history }) => history.receivers[0]!.texts.add("hm"),
    ["leaked"],
  ],
  [
    "forbidden, and refused with another code than it must be",
    ({ history }) => {
      history.sent.push({ actor: "Vera", author: vera, kind: "text", body: "and", isForbidden: true });
      history.refused.push({ body: "and", code: "internal" });
    },
    ["refused"],
  ],
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
    ({ held }) => held[1]!.threads[0]!.messages.push(copy(6, "text", "never")),
    ["phantom"],
  ],
];

test.each(broken)("it finds: %s", (_name, damage, rules) => {
  expect(listBroken(damage)).toEqual(rules);
});

test("messages that an actor who has left did not send are not lost", () => {
  const unsent = (left: string[]) =>
    listBroken(({ history }) => {
      history.sent.push({ actor: "Vera", author: vera, kind: "text", body: "and", isForbidden: false });
      history.left = new Set(left);
    });
  expect([unsent(["Vera"]), unsent(["Adam"])]).toEqual([[], ["unsent"]]);
});
