import type { Scope } from "#database/export/scope.ts";
import type { AuditRecord } from "#server/declaration/audit-record.ts";

/** The audit log's entry of an export. @param name  the website's */
export function exportRecord(scope: Scope, format: string, name: string): AuditRecord {
  const { websiteId } = scope;
  switch (scope.kind) {
    case "conversation": {
      const target = { kind: "conversation" as const, id: scope.conversationId, name: "" };
      return { websiteId, action: "conversation.exported", target, details: { format } };
    }
    case "visitor": {
      const target = { kind: "visitor" as const, id: scope.visitorId, name: "" };
      return { websiteId, action: "visitor.exported", target, details: { format } };
    }
    default: {
      const target = { kind: "website" as const, id: String(websiteId), name };
      const period =
        scope.kind === "month"
          ? { month: scope.month }
          : { from: scope.from.toISOString(), until: scope.until.toISOString() };
      return { websiteId, action: "website.exported", target, details: { format, ...period } };
    }
  }
}
