import fc from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "#protocol/messages.ts";
import { groupMessages, type Row } from "./grouping.ts";
import { keepKeys } from "./stable-keys.ts";

const visitor = { author: "visitor", authorId: null, authorName: null } as const;
const anna = { author: "agent", authorId: "a", authorName: "Anna" } as const;

/** Messages of one minute; true: of Anna, false: of the visitor. */
const talkOf = (authors: boolean[]) =>
  authors.map(
    (isAnna, index) =>
      ({
        id: `m${index}`,
        conversationId: "c",
        seq: index + 1,
        kind: "text",
        ...(isAnna ? anna : visitor),
        body: "",
        details: null,
        createdAt: "2026-01-02T12:00:00.000",
      }) as Message,
  );

const keysByMessage = (rows: Row[]) =>
  new Map(rows.flatMap(row => (row.type === "group" ? row.messages.map(({ id }) => [id, row.key] as const) : [])));

test("every group keeps its key when older and newer messages come, and no two groups share one", () => {
  const authors = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(authors, authors, authors, (older, held, newer) => {
      const talk = talkOf([...older, ...held, ...newer]);
      const keys = new Map<string, string>();
      const layOut = (from: number, to: number) => keepKeys(groupMessages(talk.slice(from, to), [], visitor), keys);
      const before = layOut(older.length, older.length + held.length);
      const after = layOut(0, talk.length);
      const [keysBefore, keysAfter] = [keysByMessage(before), keysByMessage(after)];
      for (const [id, key] of keysBefore) expect(keysAfter.get(id)).toBe(key);
      expect(new Set(after.map(({ key }) => key)).size).toBe(after.length);
    }),
  );
});
