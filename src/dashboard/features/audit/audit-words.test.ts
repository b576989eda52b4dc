import { expect, test } from "vitest";
import type { AuditEntry } from "#protocol/audit.ts";
import { type AuditAction, auditActions } from "#protocol/audit-actions.ts";
import { actionName, describeEntry } from "./audit-words.ts";

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
  for (const action of auditActions) expect(describeEntry(entry(action))).toMatch(/^(Ada|A sign-in) .*[^ ]\.$/);
  expect(new Set(auditActions.map(actionName)).size).toBe(auditActions.length);
});

test.each<[AuditAction, AuditEntry["details"], string]>([
  ["agent.role_changed", { from: "agent", to: "admin" }, "Ada changed Ben’s role from Agent to Admin."],
  ["invitation.created", { role: "admin" }, "Ada made an invitation for an admin (Ben)."],
  ["invitation.accepted", { role: "agent", invitedBy: "Olga" }, "Ada joined as an agent, invited by Olga."],
  ["website.changed", { fields: ["name", "replyTime"] }, "Ada changed the settings: name, reply time."],
  ["tag.changed", { name: "Bills" }, "Ada renamed the tag “Ben” to “Bills”."],
  ["tag.changed", { colour: "#ff0000" }, "Ada changed the colour of the tag “Ben”."],
  ["account.sign_in_failed", { email: "ada@shop.example" }, "A sign-in as ada@shop.example failed."],
])("%s with %o", (action, details, sentence) => {
  expect(describeEntry(entry(action, details))).toBe(sentence);
});

test("an action without a sentence is shown by its code", () => {
  expect(describeEntry(entry("moon.landed_on"))).toBe("Ada: moon landed on (Ben).");
});

test("an actor who is no agent is named by kind", () => {
  const by = (kind: AuditEntry["actor"]["kind"], name: string) =>
    describeEntry({ ...entry("account.password_reset"), actor: { kind, id: null, name } });
  expect(by("system", "ana")).toBe("The command line (ana) gave Ben a new password.");
  expect(by("visitor", "")).toBe("A visitor gave Ben a new password.");
  expect(by("unknown", "")).toBe("An unknown person gave Ben a new password.");
});

test("details of another shape break no sentence", () => {
  for (const action of auditActions) {
    const strange = { role: 1, fields: "name", email: null, from: [], name: {} };
    expect(describeEntry({ ...entry(action, strange), target: null })).toMatch(/\.$/);
  }
});
