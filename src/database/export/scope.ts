import pg from "pg";
import { live } from "#database/conditions.ts";

/** What is exported. Times are `[from, until)`, a month is such as 2026-10: that of the conversations' beginning. */
export type Scope =
  | { kind: "conversation"; websiteId: number; conversationId: string }
  | { kind: "visitor"; websiteId: number; visitorId: string }
  | { kind: "website"; websiteId: number; from: Date; until: Date }
  | { kind: "month"; websiteId: number; month: string };

/** Tables with something to export, in the order in which an export has them. */
export const exportedTables = ["visitors", "conversations", "messages"] as const;
export type ExportedTable = (typeof exportedTables)[number];

/** COPY takes no parameters. */
const literal = (value: string | number | Date) =>
  typeof value === "number" ? String(value) : pg.escapeLiteral(value instanceof Date ? value.toISOString() : value);

/** Without deleted rows: of a deleted visitor or conversation nothing is exported, neither is a deleted message. */
export function conditionsOf(scope: Scope, table: ExportedTable): string {
  const website = `x.website_id = ${literal(scope.websiteId)}`;
  const isLive = live("x").statement().text;
  if (table === "conversations") return [website, isLive, ...conversationConditions(scope, "x")].join(" and ");
  const link = table === "messages" ? "c.id = x.conversation_id" : "c.visitor_id = x.id";
  const ofConversation = `exists (select from conversations c where c.website_id = ${literal(scope.websiteId)} and ${link}
    and ${[live("c").statement().text, ...conversationConditions(scope, "c")].join(" and ")})`;
  const own = table === "messages" ? messageConditions(scope) : [];
  // A visitor is in the export of themselves, also without a conversation.
  if (table === "visitors" && scope.kind === "visitor")
    return `${website} and ${isLive} and x.id = ${literal(scope.visitorId)}`;
  return [website, isLive, ...own, ofConversation].join(" and ");
}

/** Data that is restricted is not used: only the person's own export has it. */
function conversationConditions(scope: Scope, alias: string): string[] {
  return [...(scope.kind === "visitor" ? [] : [`not ${alias}.is_restricted`]), ...inScope(scope, alias)];
}

function inScope(scope: Scope, alias: string): string[] {
  if (scope.kind === "conversation") return [`${alias}.id = ${literal(scope.conversationId)}`];
  if (scope.kind === "visitor") return [`${alias}.visitor_id = ${literal(scope.visitorId)}`];
  if (scope.kind === "month") return inMonth(scope.month, `${alias}.id`);
  // A conversation belongs to a period in which it has a message: that began before its end and did not end before it.
  return [`${alias}.created_at < ${literal(scope.until)}`, `${alias}.last_message_at >= ${literal(scope.from)}`];
}

/** Only what the month's table, which the statement reads, does not say. */
function messageConditions(scope: Scope): string[] {
  if (scope.kind === "conversation") return [`x.conversation_id = ${literal(scope.conversationId)}`];
  if (scope.kind !== "website") return [];
  return [`x.created_at >= ${literal(scope.from)}`, `x.created_at < ${literal(scope.until)}`];
}

const inMonth = (month: string, column: string): string[] => [
  `${column} >= uuid_floor(${literal(`${month}-01 00:00:00+00`)}::timestamptz)`,
  `${column} < uuid_floor(${literal(`${monthAfter(month)}-01 00:00:00+00`)}::timestamptz)`,
];

export function monthAfter(month: string): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, number)).toISOString().slice(0, 7);
}
