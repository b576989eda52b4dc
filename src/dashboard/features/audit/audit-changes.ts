import type { AuditEntry } from "#protocol/audit.ts";

export type Change = { name: string; from: string; to: string };

/** The changed fields of an entry, with their values before and after; empty if the entry has none. */
export function listChanges({ fields, from, to }: AuditEntry["details"]): Change[] {
  if (!Array.isArray(fields) || !isRecord(from) || !isRecord(to)) return [];
  return fields.map(field => ({ name: fieldName(field), from: inWords(from[field]), to: inWords(to[field]) }));
}

const names: Record<string, string> = {
  archiveAfterDays: "days until the archive",
  deleteAfterDays: "days until the deletion",
  isDeletionConfirmed: "deletion by age",
  allowedOrigins: "allowed origins",
  replyTime: "reply time",
  carriesThreadOver: "carrying conversations over",
};

export const fieldName = (field: unknown): string => names[String(field)] ?? String(field);

const inWords = (value: unknown): string => {
  if (typeof value === "boolean") return value ? "on" : "off";
  return Array.isArray(value) ? value.join(", ") : value === "" || value === undefined ? "nothing" : String(value);
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
