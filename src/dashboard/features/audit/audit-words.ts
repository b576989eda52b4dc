import { roleName } from "#dashboard/text/words.ts";
import type { Role } from "#protocol/agents.ts";
import type { AuditEntry } from "#protocol/audit.ts";
import type { AuditAction } from "#protocol/audit-actions.ts";
import { fieldName } from "./audit-changes.ts";

type Words = {
  /** in the filter */
  name: string;
  /** the entry in one sentence; `who` is the actor, `what` the target */
  sentence: (who: string, what: string, details: AuditEntry["details"]) => string;
};

const words: Record<AuditAction, Words> = {
  "account.signed_in": { name: "Signed in", sentence: who => `${who} signed in.` },
  "account.sign_in_failed": {
    name: "Sign-in failed",
    sentence: (_, __, { email }) => `A sign-in as ${text(email, "an unknown address")} failed.`,
  },
  "account.signed_out": { name: "Signed out", sentence: who => `${who} signed out.` },
  "account.password_changed": { name: "Password changed", sentence: who => `${who} changed their own password.` },
  "account.password_reset": {
    name: "Password reset",
    sentence: (who, what) => `${who} gave ${what} a new password.`,
  },
  "invitation.created": {
    name: "Invitation made",
    sentence: (who, what, { role }) => `${who} made an invitation for ${article(role)}${named(what)}.`,
  },
  "invitation.withdrawn": {
    name: "Invitation withdrawn",
    sentence: (who, what, { role }) => `${who} withdrew an invitation for ${article(role)}${named(what)}.`,
  },
  "invitation.accepted": {
    name: "Invitation accepted",
    sentence: (who, _, { role, invitedBy }) =>
      `${who} joined as ${article(role)}${invitedBy ? `, invited by ${text(invitedBy)}` : ""}.`,
  },
  "agent.role_changed": {
    name: "Role changed",
    sentence: (who, what, { from, to }) => `${who} changed ${what}’s role from ${roleOf(from)} to ${roleOf(to)}.`,
  },
  "agent.removed": { name: "Person removed", sentence: (who, what) => `${who} removed ${what} from this website.` },
  "backup.requested": {
    name: "Backup asked for",
    sentence: (who, _, { kind }) =>
      `${who} asked for ${kind === "drill" ? "a drill of the newest backup" : "a backup"}.`,
  },
  "website.set_up": {
    name: "Server set up",
    sentence: (who, what) => `${who} set up this server and the website ${what}.`,
  },
  "website.created": { name: "Website added", sentence: (who, what) => `${who} added the website ${what}.` },
  "website.changed": {
    name: "Settings changed",
    sentence: (who, _, { fields }) => `${who} changed the settings${fieldsOf(fields)}.`,
  },
  "website.secret_shown": { name: "Secret shown", sentence: who => `${who} looked at the identity secret.` },
  "website.secret_replaced": { name: "Secret replaced", sentence: who => `${who} replaced the identity secret.` },
  "website.imported": {
    name: "Conversations imported",
    sentence: (who, _, { conversations }) =>
      `${who} imported ${counted(conversations, "conversation")} into this website.`,
  },
  "website.exported": { name: "Messages exported", sentence: who => `${who} exported the messages of this website.` },
  "conversation.exported": { name: "Conversation exported", sentence: who => `${who} exported a conversation.` },
  "export.deleted": { name: "Export deleted", sentence: who => `${who} deleted an export.` },
  "visitor.exported": { name: "Visitor exported", sentence: who => `${who} exported a visitor's conversations.` },
  "website.deleted": {
    name: "Website deleted",
    sentence: (who, what, { reason }) => `${who} deleted the website ${what}${named(text(reason))}.`,
  },
  "website.restored": {
    name: "Website brought back",
    sentence: (who, what) => `${who} brought the website ${what} back.`,
  },
  "website.purged": {
    name: "Website deleted for good",
    sentence: (who, what) => `${who} deleted the website ${what} for good, after its time in the trash.`,
  },
  "tag.created": { name: "Tag added", sentence: (who, what) => `${who} added the tag “${what}”.` },
  "tag.changed": {
    name: "Tag changed",
    sentence: (who, what, { name }) =>
      typeof name === "string" && name !== what
        ? `${who} renamed the tag “${what}” to “${name}”.`
        : `${who} changed the colour of the tag “${what}”.`,
  },
  "tag.deleted": { name: "Tag deleted", sentence: (who, what) => `${who} deleted the tag “${what}”.` },
  "conversation.deleted": {
    name: "Conversation deleted",
    sentence: (who, _, { reason }) => `${who} deleted a conversation${named(text(reason))}.`,
  },
  "conversation.restored": {
    name: "Conversation brought back",
    sentence: who => `${who} brought a conversation back.`,
  },
  "conversation.purged": {
    name: "Conversation deleted for good",
    sentence: who => `${who} deleted a conversation for good, after its time in the trash.`,
  },
  "conversation.expired": {
    name: "Conversations deleted by the retention",
    sentence: (who, _, { conversations, afterDays }) =>
      `${who} deleted ${conversations === 1 ? "a conversation" : `${conversations} conversations`} for good, more than ` +
      `${afterDays} days after the last message.`,
  },
  "visitor.expired": {
    name: "Visitors deleted by the retention",
    sentence: (who, _, { visitors }) =>
      `${who} deleted ${visitors === 1 ? "a visitor" : `${visitors} visitors`} for good, of whom no conversation is left.`,
  },
  "hold.placed": {
    name: "Legal hold placed",
    sentence: (who, _, { reason }) => `${who} placed a legal hold${named(text(reason))}.`,
  },
  "hold.lifted": {
    name: "Legal hold lifted",
    sentence: (who, _, { reason }) => `${who} lifted a legal hold${named(text(reason))}.`,
  },
  "conversation.carried_over": {
    name: "Conversation carried over",
    sentence: who => `${who} logged in on the website; a conversation from before is theirs now.`,
  },
  "visitor.deleted": {
    name: "Visitor deleted",
    sentence: (who, _, { reason, conversations }) =>
      `${who} deleted a visitor with ${counted(conversations, "conversation")}${named(text(reason))}.`,
  },
  "visitor.restored": {
    name: "Visitor brought back",
    sentence: (who, _, { conversations }) =>
      `${who} brought a visitor back with ${counted(conversations, "conversation")}.`,
  },
  "visitor.purged": {
    name: "Visitor deleted for good",
    sentence: who => `${who} deleted a visitor for good, after their time in the trash.`,
  },
  "visitor.downloaded": {
    name: "Visitor’s data downloaded",
    sentence: who => `${who} downloaded everything that is kept of a visitor.`,
  },
  "visitor.corrected": {
    name: "Visitor corrected",
    sentence: (who, _, { fields }) => `${who} corrected a visitor${fieldsOf(fields)}.`,
  },
  "visitor.restricted": { name: "Visitor restricted", sentence: who => `${who} restricted a visitor’s data.` },
  "visitor.unrestricted": {
    name: "Restriction ended",
    sentence: who => `${who} ended the restriction of a visitor’s data.`,
  },
  "message.purged": {
    name: "Message deleted for good",
    sentence: who => `${who} deleted a message for good, after its time in the trash.`,
  },
  "message.restored": { name: "Message brought back", sentence: who => `${who} brought a deleted message back.` },
  "canned_reply.created": {
    name: "Canned reply added",
    sentence: (who, what) => `${who} added the canned reply “/${what}”.`,
  },
  "canned_reply.changed": {
    name: "Canned reply changed",
    sentence: (who, what) => `${who} changed the canned reply “/${what}”.`,
  },
  "canned_reply.deleted": {
    name: "Canned reply deleted",
    sentence: (who, what) => `${who} deleted the canned reply “/${what}”.`,
  },
  "message.deleted": {
    name: "Message deleted",
    sentence: who => `${who} deleted one of their own messages.`,
  },
  "installation.mended": {
    name: "Database mended",
    sentence: who => `${who} pressed a button of the Database page that mends something.`,
  },
  "operator.added": {
    name: "Operator added",
    sentence: (who, name) => `${who} made ${name} an operator of the server.`,
  },
  "operator.removed": {
    name: "Operator removed",
    sentence: (who, name) => `${who} took the server from its operator ${name}.`,
  },
  "backup.downloaded": {
    name: "Backup downloaded",
    sentence: (who, _, { backup }) =>
      `${who} downloaded the backup ${text(backup)}, with the conversations of all websites.`,
  },
  "alert.acknowledged": {
    name: "Alert acknowledged",
    sentence: (who, _, { check }) => `${who} acknowledged the alert of ${text(check, "a check")}.`,
  },
  "alert.silenced": {
    name: "Check silenced",
    sentence: (who, _, { check, reason }) => `${who} silenced ${text(check, "a check")}${named(text(reason))}.`,
  },
  "alert.silence_ended": {
    name: "Silence ended",
    sentence: (who, _, { check }) => `${who} ended the silence of ${text(check, "a check")}.`,
  },
  "alert_channel.created": {
    name: "Alert channel added",
    sentence: (who, _, { kind }) => `${who} added a channel for alerts (${text(kind)}).`,
  },
  "alert_channel.deleted": {
    name: "Alert channel deleted",
    sentence: (who, _, { kind }) => `${who} deleted a channel for alerts (${text(kind)}).`,
  },
  "alert_channel.tested": {
    name: "Alert channel tested",
    sentence: (who, _, { kind }) => `${who} sent a test to a channel for alerts (${text(kind)}).`,
  },
  "backup.made": { name: "Backup made", sentence: who => `${who} made a backup.` },
  "backup.restored": { name: "Backup restored", sentence: who => `${who} restored a backup.` },
  "database.migrated": { name: "Database migrated", sentence: who => `${who} migrated the database.` },
  "database.migration_undone": { name: "Migration undone", sentence: who => `${who} undid a migration.` },
};

/** An entry in one sentence: "Ada changed Ben’s role from Agent to Admin." */
export function describeEntry({ actor, action, target, details }: AuditEntry): string {
  const who = actorName(actor);
  const what = target?.name ?? "";
  // The server is newer than this page, so the action has no sentence here: show its code.
  if (!isKnown(action)) return `${who}: ${action.replaceAll(/[._]/g, " ")}${what && ` (${what})`}.`;
  return words[action].sentence(who, what, details);
}

export const actionName = (action: AuditAction): string => words[action].name;

function actorName({ kind, name }: AuditEntry["actor"]): string {
  if (kind === "user") return name;
  if (kind === "system") return name ? `The command line (${name})` : "The command line";
  return kind === "visitor" ? "A visitor" : "An unknown person";
}

const isKnown = (action: string): action is AuditAction => Object.hasOwn(words, action);

const text = (value: unknown, otherwise = ""): string => (typeof value === "string" && value ? value : otherwise);

/** "3 conversations" */
const counted = (count: unknown, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const roleOf = (role: unknown): string => roleName[role as Role] ?? text(role, "another role");

/** "an admin" */
const article = (role: unknown): string => {
  const name = roleOf(role).toLowerCase();
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
};

/** An invitation's note: " (Ben, support)" */
const named = (note: string): string => (note ? ` (${note})` : "");

/** ": name, reply time" */
function fieldsOf(fields: unknown): string {
  if (!Array.isArray(fields) || !fields.length) return "";
  return `: ${fields.map(fieldName).join(", ")}`;
}
