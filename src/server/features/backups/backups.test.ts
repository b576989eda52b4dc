import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { BackupOverview } from "#protocol/backups.ts";

const path = "/installation/backups";
let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

test("an owner of every website sees that backups are off, and cannot ask for one", async () => {
  const overview = await app.owner.api<BackupOverview>("GET", path);
  expect(overview).toMatchObject({ isOn: false, backups: [], runs: [], wal: null, nextAt: null, storeProblem: null });
  await expect(app.owner.api("POST", path, { kind: "backup" })).rejects.toMatchObject({ code: "conflict" });
});

test("admins, agents, and owners of only some websites see nothing of the backups", async () => {
  for (const role of ["admin", "agent"] as const) {
    const agent = await app.agent(role);
    await expect(agent.api("GET", path)).rejects.toMatchObject({ code: "forbidden" });
    await expect(agent.api("POST", path, { kind: "drill" })).rejects.toMatchObject({ code: "forbidden" });
  }
  const { owner } = await app.otherWebsite();
  await expect(owner.api("GET", path)).rejects.toMatchObject({ code: "forbidden" });
  // There is a website now that the first owner does not own.
  await expect(app.owner.api("GET", path)).rejects.toMatchObject({ code: "forbidden" });
});

test("what an owner asks for is a run, once, and in the audit log", async () => {
  const on = await startApp({ env: { BACKUPS: "on", BACKUP_TIME: "03:30", BACKUP_TIME_ZONE: "Asia/Jakarta" } });
  try {
    const asked = await on.owner.api<BackupOverview>("POST", path, { kind: "drill" });
    const drills = asked.runs.filter(({ kind }) => kind === "drill");
    expect(drills).toEqual([expect.objectContaining({ kind: "drill", reason: "person" })]);
    expect(asked.nextAt).toMatch(/T20:30:00\.000Z$/);
    const { rows } = await on.sql.query(
      "select action, website_id, details from audit_log where action like 'backup%'",
    );
    expect(rows).toEqual([{ action: "backup.requested", website_id: 0, details: { kind: "drill" } }]);
  } finally {
    await on.stop();
  }
});
