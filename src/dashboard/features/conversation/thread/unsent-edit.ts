/** The new text of a message that is not saved yet. It outlives the page, as drafts do. */
export type UnsentEdit = { messageId: string; body: string };

const keyOf = (userId: string, conversationId: string) => `prochat:edit:${userId}:${conversationId}`;

export const readUnsentEdit = (userId: string, conversationId: string): UnsentEdit | null =>
  JSON.parse(localStorage.getItem(keyOf(userId, conversationId)) ?? "null");

/** @param edit  the only one of this conversation; null removes it */
export function keepUnsentEdit(userId: string, conversationId: string, edit: UnsentEdit | null): void {
  if (edit) localStorage.setItem(keyOf(userId, conversationId), JSON.stringify(edit));
  else localStorage.removeItem(keyOf(userId, conversationId));
}

export function moveUnsentEdit(userId: string, from: string, to: string): void {
  const edit = readUnsentEdit(userId, from);
  if (edit) keepUnsentEdit(userId, to, edit);
  keepUnsentEdit(userId, from, null);
}
