import type { User } from "#protocol/agents.ts";
import type { AuditActor, AuditDetails, AuditTarget } from "#protocol/audit.ts";
import type { AuditAction } from "#protocol/audit-actions.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import type { Source } from "./command.ts";

/** The website id of entries that belong to no website; only the command line shows them. */
export const noWebsite = 0;

/** An action and its target. */
export type AuditedAction<A extends AuditAction = AuditAction> = {
  action: A;
  target: AuditTarget | null;
} & (A extends keyof AuditDetails ? { details: AuditDetails[A] } : { details?: undefined });

/** An action with the website whose audit log records it. */
export type AuditRecord<A extends AuditAction = AuditAction> = { websiteId: number } & AuditedAction<A>;

/** The actor, and where the call came from. Every call of a command has these fields. */
export type By = {
  user?: User | null;
  visitor?: VisitorSession;
  source: Pick<Source, "ip" | "userAgent">;
};

export type ByUser = By & { user: User };

export type NewAuditEntry = AuditRecord & { actor: AuditActor; ip: string | null; userAgent: string | null };

/** @param name  of the system's user who ran the command line */
export const entryOfSystem = (name: string, record: AuditRecord): NewAuditEntry => ({
  ...record,
  actor: { kind: "system", id: null, name },
  ip: null,
  userAgent: null,
});

/** Of a visitor only the id is stored: an entry must not describe a visitor who was erased. */
export function entryOf({ user, visitor, source }: By, record: AuditRecord): NewAuditEntry {
  if (visitor) {
    return { ...record, actor: { kind: "visitor", id: visitor.visitorId, name: "" }, ip: null, userAgent: null };
  }
  const actor: AuditActor = user
    ? { kind: "user", id: user.id, name: user.name }
    : { kind: "unknown", id: null, name: "" };
  return { ...record, actor, ip: source.ip, userAgent: source.userAgent };
}
