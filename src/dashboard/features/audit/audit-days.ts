import type { AuditEntry } from "#protocol/audit.ts";

export type AuditDay = {
  /** Stays the same when newer entries come, so that an opened entry stays open. */
  key: string;
  entries: AuditEntry[];
};

/** Entries by the reader's day, in their order. */
export function byDay(entries: AuditEntry[]): AuditDay[] {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const key = new Date(entry.at).toDateString();
    const day = days.get(key);
    if (day) day.push(entry);
    else days.set(key, [entry]);
  }
  return [...days].map(([key, entries]) => ({ key, entries }));
}
