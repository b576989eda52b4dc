import type { CannedReply } from "#protocol/canned-replies.ts";

/** A "/" with what follows it, up to the caret: `[from, until)` of the draft. */
export type Typed = { from: number; until: number; word: string };

/** What an agent types to find a canned reply, or null: "/" begins it only where a word begins. */
export function typedAt(draft: string, caret: number): Typed | null {
  const [, word] = /(?:^|\s)\/([\p{L}\p{M}\p{N}_-]*)$/u.exec(draft.slice(0, caret)) ?? [];
  return word === undefined ? null : { from: caret - word.length - 1, until: caret, word };
}

const maxFound = 8;

/** Those whose shortcut begins with the word, before those that have it anywhere in shortcut or text. */
export function search(replies: CannedReply[], word: string): CannedReply[] {
  const wanted = word.toLowerCase();
  const begins = ({ shortcut }: CannedReply) => shortcut.toLowerCase().startsWith(wanted);
  const contains = ({ shortcut, body }: CannedReply) => `${shortcut} ${body}`.toLowerCase().includes(wanted);
  return [...replies.filter(begins), ...replies.filter(reply => !begins(reply) && contains(reply))].slice(0, maxFound);
}
