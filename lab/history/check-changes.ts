import type { Change, History, Stored, StoredMessage } from "./history.ts";
import { describe, targetOf, type Violation } from "./violation.ts";

/** The code of a change of a message that is not the sender's own. */
const refusal = "not_found";

/** Compares the edits and deletions that were sent with what is stored. */
export function checkChanges({ changes, left }: History, { messages }: Stored): Violation[] {
  const byTarget = Map.groupBy(changes, targetOf);
  const rows = new Set(messages.map(targetOf));
  return [
    ...changes.filter(({ outcome, actor }) => outcome === "pending" && !left.has(actor)).map(describeUnsent),
    ...changes.flatMap(change => checkAnswer(change, byTarget.get(targetOf(change))!)),
    ...changes.filter(({ outcome }) => outcome === "acknowledged").flatMap(change => checkTarget(change, rows)),
    ...messages.flatMap(row => checkRow(row, byTarget.get(targetOf(row)) ?? [])),
  ];
}

const describeChange = ({ actor, original, body }: Change) =>
  `${body === null ? "deletion" : `edit to "${body}"`} of "${original}" by ${actor}`;

const describeUnsent = (change: Change): Violation => ({ rule: "unsent", what: describeChange(change) });

/** @param all  of the same message */
function checkAnswer(change: Change, all: Change[]): Violation[] {
  const { outcome, code, isForbidden, body } = change;
  const what = `${describeChange(change)}: ${code ?? outcome}`;
  if (isForbidden && outcome === "acknowledged") return [{ rule: "accepted", what }];
  if (outcome !== "refused") return [];
  const isDeleted = all.some(other => other.body === null && !other.isForbidden);
  // The author's deletion, from another page or one that was closed, may come before.
  const isExpected = isForbidden ? code === refusal : code === "conflict" && body !== null && isDeleted;
  return isExpected ? [] : [{ rule: "refused", what }];
}

const checkTarget = (change: Change, rows: Set<string>): Violation[] =>
  rows.has(targetOf(change)) ? [] : [{ rule: "lost", what: describeChange(change) }];

function checkRow(row: StoredMessage, all: Change[]): Violation[] {
  const own = all.filter(({ isForbidden }) => !isForbidden);
  const violations: Violation[] = [];
  const deletions = own.filter(({ body }) => body === null);
  if (row.isDeleted && deletions.length === 0) {
    const rule = all.some(({ body }) => body === null) ? "accepted" : "altered";
    violations.push({ rule, what: `without a request of its author: ${describe(row)}` });
  }
  if (!row.isDeleted && deletions.some(isAcknowledged)) violations.push({ rule: "resurrected", what: describe(row) });
  const shown = all.find(({ body }) => body === row.text);
  if (shown?.isForbidden) violations.push({ rule: "accepted", what: describeChange(shown) });
  const later = own.find(each => each.body !== null && isAcknowledged(each) && mustFollow(each, shown));
  if (later) violations.push({ rule: "reverted", what: `${describeChange(later)}, but "${row.text}" is stored` });
  return violations;
}

const isAcknowledged = ({ outcome }: Change) => outcome === "acknowledged";

/**
 * Whether an acknowledged edit is certainly later than what is stored: it is if it was sent after the other was answered.
 * An edit without an answer may be stored at any time, and so may the first copy of one that was sent again: a frozen
 * process handles it when it wakes up.
 * @param shown  the edit that is stored; undefined: the text is the original
 */
function mustFollow(edit: Change, shown: Change | undefined): boolean {
  if (!shown) return true;
  if (edit === shown || !isAcknowledged(shown) || shown.mayRepeat) return false;
  return edit.sentAt > (edit.page === shown.page ? shown.sentAt : shown.answeredAt!);
}
