import { expect, test } from "vitest";
import { type Chat, change, copy, listBroken } from "./small-chat.ts";
import type { Rule } from "./violation.ts";

/** Edits and deletions that are lost, undone or made by others: the checker must name each. */

const edit = { actor: "Vera", id: "id 4", original: "typo" };
const deletion = { actor: "Vera", id: "id 4", original: "typo", body: null };
const ofOthers = { actor: "Adam", id: "id 4", original: "typo", isForbidden: true };

/** Message 4 says this everywhere, as if it had been edited to it. */
function show(text: string, { stored, held, history }: Chat) {
  const last = copy(4, "text", text, 6);
  Object.assign(stored.messages[3]!, last, { text });
  stored.conversations[0]!.preview = text;
  for (const { threads } of held) Object.assign(threads[0]!.messages.find(({ seq }) => seq === 4)!, last);
  held[1]!.threads[0]!.preview = text;
  for (const { received } of history.receivers) {
    for (const message of received) if (message.changedVersion === 6) Object.assign(message, last);
  }
}

/** Message 5 is there again everywhere. */
function resurrect({ stored, held, history }: Chat) {
  const last = copy(5, "text", "secret", 8);
  Object.assign(stored.messages[4]!, last);
  Object.assign(stored.conversations[0]!, { preview: "secret", previewAuthor: "agent", visitorUnread: 2 });
  for (const { threads } of held) Object.assign(threads[0]!.messages.at(-1)!, last);
  held[0]!.threads[0]!.unread = 2;
  held[1]!.threads[0]!.preview = "secret";
  for (const { received } of history.receivers.slice(0, 2)) received.pop();
}

const broken: [string, (chat: Chat) => void, Rule[]][] = [
  ["an acknowledged edit that is lost everywhere", chat => show("typo", chat), ["reverted"]],
  [
    "an older edit that is stored in place of the last one",
    chat => {
      chat.history.changes.push(change({ ...edit, body: "better", sentAt: 5 }));
    },
    ["reverted"],
  ],
  [
    "edits that a page sent in a row, and that are stored in another order",
    ({ history }) => {
      const first = history.changes[0]!;
      Object.assign(first, { answeredAt: 8 });
      history.changes.push(change({ ...edit, body: "better", sentAt: 5, answeredAt: 9 }));
    },
    ["reverted"],
  ],
  ["a deleted message that is there again everywhere", resurrect, ["resurrected"]],
  [
    "a client that still shows a deleted message",
    ({ held }) => Object.assign(held[0]!.threads[0]!.messages.at(-1)!, copy(5, "text", "secret")),
    ["resurrected"],
  ],
  [
    "a client that shows a message as deleted, and its text with it",
    ({ held }) => Object.assign(held[0]!.threads[0]!.messages.at(-1)!, { body: "secret" }),
    ["resurrected"],
  ],
  [
    "a client that holds the text of a deleted message anywhere",
    ({ held }) => held[1]!.texts.push("secret"),
    ["resurrected"],
  ],
  [
    "an answer with the text of a message whose deletion was acknowledged before it was asked for",
    ({ history }) => history.revealed.push({ receiver: "Adam", text: "secret" }),
    ["resurrected"],
  ],
  [
    "a client that shows a message as it was before an edit",
    ({ held }) => Object.assign(held[1]!.threads[0]!.messages[3]!, copy(4, "text", "typo")),
    ["outdated"],
  ],
  [
    "another's message that was edited",
    chat => {
      chat.history.changes.push(change({ ...ofOthers, body: "hacked", sentAt: 5 }));
      show("hacked", chat);
    },
    ["accepted"],
  ],
  [
    "another's message that was edited, though the answer was a refusal",
    chat => {
      const refused = { outcome: "refused", code: "not_found" } as const;
      chat.history.changes[0] = change({ ...ofOthers, body: "hacked", sentAt: 5, ...refused });
      show("hacked", chat);
    },
    ["accepted"],
  ],
  [
    "another's message that was deleted, though the answer was a refusal",
    ({ history }) => {
      Object.assign(history.changes[1]!, { isForbidden: true, outcome: "refused", code: "not_found" });
    },
    ["accepted"],
  ],
  ["a message that was deleted without a request", ({ history }) => void history.changes.pop(), ["altered"]],
  [
    "an edit that is stored at another message",
    ({ history }) => {
      history.changes[0]!.id = "id 1";
    },
    ["altered", "reverted"],
  ],
  [
    "a change of a message that is not stored",
    ({ history }) => history.changes.push(change({ ...edit, id: "id 9", body: "better", sentAt: 5 })),
    ["lost"],
  ],
  [
    "a stored preview that shows the text before the edit",
    ({ stored, held }) => {
      stored.conversations[0]!.preview = "typo";
      held[1]!.threads[0]!.preview = "typo";
    },
    ["stale"],
  ],
  [
    "a client that shows another preview than is stored",
    ({ held }) => {
      held[1]!.threads[0]!.preview = "typo";
    },
    ["stale"],
  ],
  [
    "a counter that counts a deleted message",
    ({ stored, held }) => {
      stored.conversations[0]!.visitorUnread = 2;
      held[0]!.threads[0]!.unread = 2;
    },
    ["unread"],
  ],
  [
    "an edit that a client received and that is not stored",
    ({ history }) => history.receivers[1]!.received.push(copy(4, "text", "fixed", 9)),
    ["unstored"],
  ],
  [
    "an edit that a client received with the text of another message",
    ({ history }) => history.receivers[1]!.received.push(copy(4, "text", "question", 5)),
    ["unstored"],
  ],
  [
    "an edit without an answer",
    ({ history }) => Object.assign(history.changes[0]!, { outcome: "pending", answeredAt: null }),
    ["unsent"],
  ],
  [
    "an edit that was refused without reason",
    ({ history }) => Object.assign(history.changes[0]!, { outcome: "refused", code: "not_found" }),
    ["refused"],
  ],
  [
    "a forbidden edit that was refused with another code than it must be",
    ({ history }) =>
      history.changes.push(change({ ...ofOthers, body: "hacked", sentAt: 5, outcome: "refused", code: "conflict" })),
    ["refused"],
  ],
];

test.each(broken)("it finds: %s", (_name, damage, rules) => {
  expect(listBroken(damage)).toEqual(rules);
});

const kept: [string, (chat: Chat) => void][] = [
  [
    "a later edit whose page was closed before the answer is stored",
    chat => {
      chat.history.changes.push(change({ ...edit, body: "better", sentAt: 5, outcome: "abandoned", answeredAt: null }));
      show("better", chat);
    },
  ],
  [
    "a later edit whose page was closed before the answer is not stored",
    ({ history }) => {
      history.changes.push(change({ ...edit, body: "better", sentAt: 5, outcome: "abandoned", answeredAt: null }));
    },
  ],
  [
    "one of two edits that two pages sent at the same time is stored",
    ({ history }) => {
      Object.assign(history.changes[0]!, { answeredAt: 6 });
      history.changes.push(change({ ...edit, page: "another page", body: "better", sentAt: 5 }));
    },
  ],
  [
    "an edit whose connection broke is stored again after a later one",
    ({ history }) => {
      history.changes[0]!.mayRepeat = true;
      history.changes.push(change({ ...edit, body: "better", sentAt: 5 }));
    },
  ],
  [
    "a deletion whose page was closed before the answer is not stored",
    ({ history }) => {
      history.changes.push(change({ ...deletion, sentAt: 5, outcome: "abandoned", answeredAt: null }));
    },
  ],
  [
    "an edit is refused because another page of its author deletes the message",
    ({ history }) => {
      history.changes.push(change({ ...deletion, sentAt: 5, outcome: "abandoned", answeredAt: null }));
      history.changes.push(change({ ...edit, body: "better", sentAt: 6, outcome: "refused", code: "conflict" }));
    },
  ],
  [
    "an actor left before the answer came",
    ({ history }) => {
      history.changes.push(change({ ...edit, body: "better", sentAt: 5, outcome: "pending", answeredAt: null }));
      history.left.add("Vera");
    },
  ],
  [
    "the edit of another's message is refused",
    ({ history }) => {
      history.changes.push(change({ ...ofOthers, body: "x", sentAt: 5, outcome: "refused", code: "not_found" }));
    },
  ],
];

test.each(kept)("no promise is broken if %s", (_name, happens) => {
  expect(listBroken(happens)).toEqual([]);
});
