import { expect, test } from "vitest";
import { type AuditAction, type AuditEntry, auditActions } from "#protocol/audit.ts";
import { actionName, tellEntry } from "./audit-words.ts";

const entry = (action: string, details: AuditEntry["details"] = {}, target = "Ben"): AuditEntry => ({
  id: "e",
  at: "2026-01-01T00:00:00.000Z",
  actor: { kind: "user", id: "a", name: "Ada" },
  action,
  target: { kind: "agent", id: "b", name: target },
  details,
  ip: null,
});

test("every action has a sentence with a subject, and a name of its own", () => {
  for (const action of auditActions) expect(tellEntry(entry(action))).toMatch(/^(Ada|Somebody) .*[^ ]\.$/);
  expect(new Set(auditActions.map(actionName)).size).toBe(auditActions.length);
});

test.each<[AuditAction, AuditEntry["details"], string]>([
  ["agent.role_changed", { from: "agent", to: "admin" }, "Ada changed Ben’s role from Agent to Admin."],
  ["invitation.created", { role: "admin" }, "Ada made an invitation for an admin (Ben)."],
  ["invitation.accepted", { role: "agent", invitedBy: "Olga" }, "Ada joined as an agent, invited by Olga."],
  ["website.changed", { fields: ["name", "replyTime"] }, "Ada changed the settings: name, reply time."],
  ["tag.changed", { name: "Bills" }, "Ada renamed the tag “Ben” to “Bills”."],
  ["tag.changed", { colour: "#ff0000" }, "Ada changed the colour of the tag “Ben”."],
  ["account.sign_in_failed", { email: "ada@shop.example" }, "Somebody could not sign in as ada@shop.example."],
])("%s with %o", (action, details, sentence) => {
  expect(tellEntry(entry(action, details))).toBe(sentence);
});

test("an action that this page does not know yet is shown by its code", () => {
  expect(tellEntry(entry("backup.restored"))).toBe("Ada: backup restored (Ben).");
});

test("whoever is no agent is named by what they are", () => {
  const by = (kind: AuditEntry["actor"]["kind"], name: string) =>
    tellEntry({ ...entry("account.password_reset"), actor: { kind, id: null, name } });
  expect(by("system", "ana")).toBe("The command line (ana) gave Ben a new password.");
  expect(by("visitor", "")).toBe("A visitor gave Ben a new password.");
  expect(by("unknown", "")).toBe("Somebody gave Ben a new password.");
});

test("details of another shape break no sentence", () => {
  for (const action of auditActions) {
    const strange = { role: 1, fields: "name", email: null, from: [], name: {} };
    expect(tellEntry({ ...entry(action, strange), target: null })).toMatch(/\.$/);
  }
});
