import { isPublic, type StoredConversation, type StoredMessage } from "./history.ts";
import type { Violation } from "./violation.ts";

const previewLength = 200;

/** Compares a conversation's row with its messages. A deleted message keeps its number and counts nowhere else. */
export function checkConversation(row: StoredConversation, messages: StoredMessage[]): Violation[] {
  const violations: Violation[] = [];
  const seqs = messages.map(({ seq }) => seq).sort((a, b) => a - b);
  if (seqs.some((seq, i) => seq !== i + 1)) violations.push({ rule: "gap", what: `${row.id} has ${seqs.join(" ")}` });
  for (const [id, { length }] of Map.groupBy(messages, message => message.id)) {
    if (length > 1) violations.push({ rule: "doubled", what: `id ${id} is ${length} times in ${row.id}` });
  }
  const visible = messages.filter(isPublic).toSorted((a, b) => a.seq - b.seq);
  const said = visible.filter(({ isDeleted }) => !isDeleted);
  const countUnread = (author: string, readSeq: number) =>
    said.filter(message => message.author === author && message.seq > readSeq).length;
  const counted = {
    lastSeq: seqs.at(-1) ?? 0,
    lastPublicSeq: visible.at(-1)?.seq ?? 0,
    agentUnread: countUnread("visitor", row.agentReadSeq),
    visitorUnread: countUnread("agent", row.visitorReadSeq),
  };
  for (const [name, count] of Object.entries(counted) as [keyof typeof counted, number][]) {
    if (row[name] !== count) {
      violations.push({ rule: "unread", what: `${name} of ${row.id} is ${row[name]}, counted ${count}` });
    }
  }
  const newest = said.at(-1);
  const preview = newest?.text.slice(0, previewLength) ?? "";
  if (row.preview !== preview || (newest && row.previewAuthor !== newest.author)) {
    const what = `preview of ${row.id} is "${row.preview}" by the ${row.previewAuthor}, newest is "${preview}"`;
    violations.push({ rule: "stale", what });
  }
  return violations;
}
