import type { Change, History, Sent, Stored, StoredMessage } from "./history.ts";

/** A text that an actor wrote: the first one of the message `sent`, or that of `change`. */
export type Text = { sent: Sent; change: Change | null };

export type Texts = {
  find(text: string): Text | undefined;
  /** the stored message that has this text, or had it before an edit */
  findStored(text: string): StoredMessage | undefined;
};

export function indexTexts({ sent, changes }: History, { messages }: Stored): Texts {
  const originals = new Map(sent.map(each => [each.body, each]));
  const texts = new Map<string, Text>(sent.map(each => [each.body, { sent: each, change: null }]));
  for (const change of changes) {
    const changed = originals.get(change.original);
    if (change.body !== null && changed) texts.set(change.body, { sent: changed, change });
  }
  const stored = new Map<Sent | undefined, StoredMessage>();
  for (const row of messages) if (texts.has(row.text)) stored.set(texts.get(row.text)!.sent, row);
  return {
    find: text => texts.get(text),
    findStored: text => stored.get(texts.get(text)?.sent),
  };
}
