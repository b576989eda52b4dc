import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { objectsFolder, objectsList } from "#database/backup/base/copied-files.ts";
import {
  baseFolder,
  findRepository,
  listBackups,
  registerRepository,
  writeManifest,
} from "#database/backup/repository.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import { manifestOf } from "#lab/backups/manifest.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Me } from "#protocol/accounts.ts";
import type { BackupOverview } from "#protocol/backups.ts";

const path = "/installation/backups";
let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

test("an operator sees that backups are off, and cannot ask for one", async () => {
  const overview = await app.owner.api<BackupOverview>("GET", path);
  expect(overview).toMatchObject({ isOn: false, backups: [], runs: [], wal: null, nextAt: null, storeProblem: null });
  await expect(app.owner.api("POST", path, { kind: "backup" })).rejects.toMatchObject({ code: "conflict" });
});

test("no role in a website makes an operator, and an operator needs none", async () => {
  const { owner } = await app.otherWebsite();
  const people = { owner, admin: await app.agent("admin"), agent: await app.agent("agent") };
  for (const [role, who] of Object.entries(people)) {
    expect((await who.api<Me>("GET", "/me")).isOperator, role).toBe(false);
    await expect(who.api("GET", path), role).rejects.toMatchObject({ code: "forbidden" });
    await expect(who.api("POST", path, { kind: "drill" }), role).rejects.toMatchObject({ code: "forbidden" });
  }
  const { agent } = people;
  await app.sql.query("insert into operators (user_id) values ($1)", [agent.me.user.id]);
  expect((await agent.api<Me>("GET", "/me")).isOperator).toBe(true);
  expect(await agent.api("GET", path)).toMatchObject({ isOn: false });
  await app.sql.query("delete from operators where user_id = $1", [agent.me.user.id]);
  await expect(agent.api("GET", path)).rejects.toMatchObject({ code: "forbidden" });
});

test("what an operator asks for is a run, once, and in the audit log", async () => {
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

/** A complete backup with one file in the repository of the server. */
async function makeBackup(of: App) {
  const repository = await findRepository(openFolder(join(of.dataDir, "files")), of.sql);
  const id = "20261129T020000Z-b57a";
  const { storage } = repository;
  await registerRepository(repository);
  await storage.put(`${baseFolder(repository, id)}base.tar.zst`, Buffer.from("the database"));
  await storage.put(`${objectsFolder(repository)}${"a".repeat(64)}`, Buffer.from("a photo"));
  await storage.put(objectsList(repository, id), Buffer.from("a".repeat(64)));
  const systemIdentifier = repository.name.split("-")[0]!;
  const manifest = manifestOf(id, { systemIdentifier, storedFiles: 1, copiedFiles: { bytes: 7, newBytes: 7 } });
  await writeManifest(repository, manifest);
  return { id, repository };
}

test("an operator downloads a whole backup as one tar, which is a repository when it is unpacked", async () => {
  const { id, repository } = await makeBackup(app);
  const file = `${path}/${id}/file`;
  const fetchAs = (who: AgentClient, address = file) =>
    fetch(`${app.url}/api/v1${address}`, { headers: who.headers as Record<string, string> });
  const answer = await fetchAs(app.owner);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="prochat-backup-${id}.tar"`);
  const tar = Buffer.from(await answer.arrayBuffer());
  expect(tar.length).toBe(Number(answer.headers.get("content-length")));
  const folder = makeFolder();
  writeFileSync(join(folder, "backup.tar"), tar);
  const names = execFileSync("tar", ["xvf", "backup.tar"], { cwd: folder }).toString().trim().split("\n");
  expect(names.at(-1)).toMatch(/backup\.json$/);
  const unpacked = { storage: openFolder(folder), name: repository.name };
  expect((await listBackups(unpacked)).backups.map(backup => backup.id)).toEqual([id]);
  expect(await unpacked.storage.head(`${objectsFolder(unpacked)}${"a".repeat(64)}`)).toMatchObject({ sizeBytes: 7 });
  const { rows } = await app.sql.query("select actor_name, details from audit_log where action = 'backup.downloaded'");
  expect(rows).toEqual([{ actor_name: "Olga Owner", details: { backup: id } }]);

  expect((await fetchAs(await app.agent("admin"))).status).toBe(403);
  expect((await fetchAs(app.owner, `${path}/20261129T020000Z-0000/file`)).status).toBe(404);
  expect((await fetchAs(app.owner, `${path}/..%2f..%2fsecrets/file`)).status).toBe(400);
});
