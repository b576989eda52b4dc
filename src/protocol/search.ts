import { z } from "zod";
import { Moment, Seq, Uuid } from "./basics.ts";

/** Where something stands in a text: its start, and its end, which is behind it. */
export const TextRange = z.tuple([z.number().int(), z.number().int()]);

export const SearchResult = z.object({
  conversationId: Uuid,
  /** of the message, which is what was found */
  seq: Seq,
  messageId: Uuid,
  createdAt: Moment,
  kind: z.enum(["text", "note", "file"]),
  author: z.enum(["visitor", "agent", "system"]),
  /** of an agent */
  authorName: z.string().nullable(),
  /** the part of the message around the first match */
  excerpt: z.string(),
  /** the matches in the excerpt */
  marks: z.array(TextRange),
  visitor: z.object({ id: Uuid, name: z.string().nullable(), email: z.string().nullable() }),
  status: z.enum(["open", "resolved"]),
  assigneeName: z.string().nullable(),
  tagIds: z.array(Uuid),
});
export type SearchResult = z.infer<typeof SearchResult>;

export const FoundPerson = z.object({
  visitorId: Uuid,
  name: z.string().nullable(),
  email: z.string().nullable(),
  /** the newest of theirs */
  conversationId: Uuid,
  lastMessageAt: Moment,
});
export type FoundPerson = z.infer<typeof FoundPerson>;

export const SearchPage = z.object({
  /** newest first */
  results: z.array(SearchResult),
  /** visitors whose name, e-mail address or id has the words; only on the first page */
  people: z.array(FoundPerson),
  /** requests what is older; a page with few results, or none, may have one too. Null: there is nothing more */
  nextCursor: z.string().nullable(),
  /** messages up to this moment were looked through; null: all of them */
  searchedUntil: Moment.nullable(),
  /** messages that were there before the index are still being added to it */
  isIndexing: z.boolean(),
});
export type SearchPage = z.infer<typeof SearchPage>;
