import { expect, test } from "vitest";
import { check, type Rule } from "./check.ts";
import type { Held, History, Seen, Stored } from "./history.ts";

/** A checker that cannot fail proves nothing: each promise is broken in a small world, and it must say which. */

const visitor = { kind: "visitor" as const, id: "vera", websiteIds: [1] };
const agent = { kind: "agent" as const, id: "adam", websiteIds: [1] };

type World = { history: History; stored: Stored; held: Held[] };

/** Vera asks, Adam notes and answers; both hold what they may see, a stranger hears nothing. */
function world(): World {
  const seen = (seq: number, kind: Seen["kind"], body: string): Seen => ({
    conversationId: "c",
    seq,
    id: `id ${seq}`,
    kind,
    body,
  });
  const all = [seen(1, "text", "question"), seen(2, "note", "hm"), seen(3, "text", "answer")];
  const spoken = [all[0]!, all[2]!];
  const stored = (each: Seen, author: "visitor" | "agent") => ({
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
        { person: "Vera", author: visitor, kind: "text", body: "question", isForbidden: false },
        { person: "Adam", author: agent, kind: "note", body: "hm", isForbidden: false },
        { person: "Adam", author: agent, kind: "text", body: "answer", isForbidden: false },
      ],
      acknowledged: [...all],
      refused: [],
      listeners: [
        { name: "Vera", audience: veras, heard: [...spoken] },
        { name: "Adam", audience: adams, heard: [...all, all[0]!] },
        { name: "Stranger", audience: { websiteIds: [2], visitorId: null }, heard: [] },
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
        threads: [{ conversationId: "c", messages: [...spoken], unread: 1 }],
        unsent: [],
      },
      { name: "Adam", audience: adams, threads: [{ conversationId: "c", messages: [...all], unread: 0 }], unsent: [] },
    ],
  };
}

function rulesBroken(harm: (world: World) => void): Rule[] {
  const harmed = world();
  harm(harmed);
  const violations = check(harmed.history, harmed.stored, harmed.held);
  return [...new Set(violations.map(({ rule }) => rule))].sort();
}

test("a chat that keeps its promises has no violations", () => {
  expect(rulesBroken(() => {})).toEqual([]);
});

const broken: [string, (world: World) => void, Rule[]][] = [
  [
    "acknowledged, told and held, but not stored",
    ({ stored }) => {
      stored.messages.pop();
      Object.assign(stored.conversations[0]!, { lastSeq: 2, lastPublicSeq: 1, visitorUnread: 0 });
    },
    ["lost", "phantom", "unread", "untrue"],
  ],
  [
    "acknowledged with another number than it is stored with",
    ({ history }) => Object.assign(history, { acknowledged: [{ ...history.acknowledged[0]!, seq: 2 }] }),
    ["lost"],
  ],
  [
    "stored twice under two numbers",
    ({ stored, history, held }) => {
      const twin = { ...stored.messages[2]!, seq: 4, id: "id 4" };
      stored.messages.push(twin);
      Object.assign(stored.conversations[0]!, { lastSeq: 4, lastPublicSeq: 4, visitorUnread: 2 });
      for (const { heard } of history.listeners.slice(0, 2)) heard.push(twin);
      for (const { threads } of held) threads[0]!.messages.push(twin);
      held[0]!.threads[0]!.unread = 2;
    },
    ["doubled"],
  ],
  [
    "one id twice in a conversation",
    ({ stored, history, held }) => {
      const all = [...history.acknowledged, ...history.listeners.flatMap(({ heard }) => heard)];
      const copies = held.flatMap(({ threads }) => threads.flatMap(({ messages }) => messages));
      for (const each of [...all, ...copies, ...stored.messages]) if (each.seq === 3) each.id = "id 1";
    },
    ["doubled"],
  ],
  [
    "a number is left out",
    ({ stored, history, held }) => {
      const all = [...history.acknowledged, ...history.listeners.flatMap(({ heard }) => heard)];
      const copies = held.flatMap(({ threads }) => threads.flatMap(({ messages }) => messages));
      for (const each of new Set([...all, ...copies, ...stored.messages])) if (each.seq === 3) each.seq = 4;
      Object.assign(stored.conversations[0]!, { lastSeq: 4, lastPublicSeq: 4 });
    },
    ["gap"],
  ],
  ["stored with nobody having written it", ({ history }) => void history.sent.pop(), ["altered"]],
  [
    "stored under another author",
    ({ stored }) => {
      stored.messages[2]!.authorId = "eve";
    },
    ["altered"],
  ],
  [
    "written by somebody who is still there, and neither stored nor refused",
    ({ history }) =>
      history.sent.push({ person: "Vera", author: visitor, kind: "text", body: "and", isForbidden: false }),
    ["unsent"],
  ],
  ["left in an outbox", ({ held }) => held[0]!.unsent.push("and"), ["unsent"]],
  ["refused for nothing", ({ history }) => history.refused.push({ body: "question", code: "conflict" }), ["refused"]],
  [
    "stored though nobody may write so",
    ({ history }) => {
      history.sent[0]!.isForbidden = true;
    },
    ["admitted"],
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
    "a visitor who heard a note",
    ({ history }) => history.listeners[0]!.heard.push(history.acknowledged[1]!),
    ["overheard"],
  ],
  [
    "a visitor who heard another visitor's message",
    ({ history }) => {
      const audience = { websiteIds: [1], visitorId: "victor" };
      history.listeners.push({ name: "Victor", audience, heard: [history.acknowledged[0]!] });
    },
    ["overheard"],
  ],
  [
    "an agent who heard another website's message",
    ({ history }) => history.listeners[2]!.heard.push(history.acknowledged[0]!),
    ["overheard"],
  ],
  [
    "told before it was stored, and then not stored",
    ({ history }) => history.listeners[0]!.heard.push({ ...history.acknowledged[0]!, body: "never" }),
    ["untrue"],
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

test.each(broken)("it finds: %s", (_name, harm, rules) => {
  expect(rulesBroken(harm)).toEqual(rules);
});

test("what somebody who has left had not sent is nobody's loss", () => {
  const unsent = (left: string[]) =>
    rulesBroken(({ history }) => {
      history.sent.push({ person: "Vera", author: visitor, kind: "text", body: "and", isForbidden: false });
      history.left = new Set(left);
    });
  expect([unsent(["Vera"]), unsent(["Adam"])]).toEqual([[], ["unsent"]]);
});
