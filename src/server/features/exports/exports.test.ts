import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { connect } from "#database/connect.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Export, ExportList } from "#protocol/exports.ts";
import { runExport, sweepExports } from "./run.ts";

let app: App;
let admin: AgentClient;
beforeAll(async () => {
  app = await startApp();
  admin = await app.agent("admin");
});
afterAll(() => app.stop());

const at = (path = "") => `/websites/${app.website.id}/exports${path}`;
const folder = () => join(app.dataDir, "files/exports", String(app.website.id));
const request = (scope: object, format = "csv") => admin.api<Export>("POST", at(), { scope, format });
const listed = async () => (await admin.api<ExportList>("GET", at())).exports;

const finished = (id: string) =>
  eventually(async () => {
    const found = (await listed()).find(each => each.id === id)!;
    if (found.state === "waiting" || found.state === "running") throw new Error(`it is ${found.state}`);
    return found;
  });

const download = (id: string, agent = admin) =>
  fetch(`${app.url}/api/v1${at(`/${id}/file`)}`, { headers: agent.headers as Record<string, string> });

/** What run.ts needs, as the jobs of the server give it. */
function jobParts() {
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError() {} });
  onTestFinished(() => connection.close());
  const storage = openFolder(join(app.dataDir, "files"));
  return { url: app.databaseUrl, db: connection.db, storage, log: silent };
}

test("an admin asks for an export, sees it finish, and downloads it", async () => {
  const { conversationId } = await app.scene();
  const requested = await request({ kind: "conversation", conversationId });
  expect(requested).toMatchObject({
    state: expect.stringMatching(/waiting|running|done/),
    requestedBy: { id: admin.me.user.id, name: admin.me.user.name },
  });
  const done = await finished(requested.id);
  expect(done).toMatchObject({
    state: "done",
    rows: 1,
    problem: null,
    scope: { kind: "conversation", conversationId },
  });
  expect(Date.parse(done.expiresAt) - Date.parse(done.createdAt)).toBeGreaterThan(6.9 * 86_400_000);
  const answer = await download(requested.id);
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="website-1-export-\w+\.csv"$/);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.length).toBe(done.sizeBytes);
  expect(parse(bytes, { bom: true, columns: true })).toMatchObject([{ conversationId, seq: "1" }]);
});

test("a visitor's export as JSON has the three tables", async () => {
  const { conversationId } = await app.scene();
  const { rows } = await app.sql.query("select visitor_id from conversations where id = $1", [conversationId]);
  const { id } = await request({ kind: "visitor", visitorId: rows[0].visitor_id }, "json");
  await finished(id);
  const text = gunzipSync(Buffer.from(await (await download(id)).arrayBuffer())).toString();
  expect(JSON.parse(text)).toMatchObject({
    visitors: [{ id: rows[0].visitor_id }],
    conversations: [{ id: conversationId }],
    messages: [{ conversationId, seq: 1 }],
  });
});

test("strangers and agents get no export and no file", async () => {
  const { agent, stranger, conversationId } = await app.scene();
  const { id } = await request({ kind: "conversation", conversationId });
  await finished(id);
  for (const [person, status] of [
    [agent, 403],
    [stranger, 404],
  ] as const) {
    expect((await download(id, person)).status).toBe(status);
    const body = { scope: { kind: "conversation", conversationId }, format: "csv" };
    expect((await person.call("POST", at(), body)).status).toBe(status);
    expect((await person.call("GET", at())).status).toBe(status);
    expect((await person.call("DELETE", at(`/${id}`))).status).toBe(status);
  }
});

test("a failed export says why", async () => {
  const { conversationId } = await app.scene();
  await app.sql.query("update conversations set deleted_at = now() where id = $1", [conversationId]);
  const { id } = await request({ kind: "conversation", conversationId });
  expect(await finished(id)).toMatchObject({ state: "failed", problem: expect.stringContaining("or it was deleted") });
  expect((await download(id)).status).toBe(404);
  const turned = { kind: "website", from: "2026-02-01T00:00:00.000Z", until: "2026-01-01T00:00:00.000Z" };
  await expect(request(turned)).rejects.toMatchObject({ code: "invalid_request" });
});

test("after 7 days, and when an admin deletes it, the file and the row go", async () => {
  const { conversationId } = await app.scene();
  const ids = [];
  for (let i = 0; i < 3; i++) {
    const { id } = await request({ kind: "conversation", conversationId });
    await finished(id);
    ids.push(id);
  }
  await app.sql.query("update exports set expires_at = now() - interval '1 second' where id = $1", [ids[0]]);
  await sweepExports(jobParts(), async () => {});
  await admin.api("DELETE", at(`/${ids[1]}`));
  const left = (await listed()).map(({ id }) => id);
  expect(ids.map(id => left.includes(id))).toEqual([false, false, true]);
  expect(ids.map(id => existsSync(join(folder(), `${id}.csv`)))).toEqual([false, false, true]);
});

test("a run that was killed is found and done again; two runs at once do it once", async () => {
  const { conversationId } = await app.scene();
  const { id } = await request({ kind: "conversation", conversationId });
  const whole = await finished(id);
  await app.sql.query("update exports set state = 'running', rows = 0, updated_at = now() where id = $1", [id]);
  const parts = jobParts();
  const found: string[] = [];
  const addRun = async (key: { id: string }) => void found.push(key.id);
  await sweepExports(parts, addRun);
  expect(found).toEqual([]); // it may still run
  await app.sql.query("update exports set updated_at = now() - interval '3 minutes' where id = $1", [id]);
  await sweepExports(parts, addRun);
  expect(found).toEqual([id]);
  const key = { websiteId: app.website.id, id };
  await Promise.all([runExport(parts, key), runExport(parts, key)]);
  expect(await finished(id)).toMatchObject({ state: "done", sha256: whole.sha256 });
  expect(readdirSync(join(app.dataDir, "files/.unfinished"))).toEqual([]);
});

test("no more than three wait at once", async () => {
  await app.sql.query(
    `insert into exports (website_id, id, scope, format, requested_by, expires_at)
     select $1, gen_random_uuid(), '{"kind": "month", "month": "2026-10"}', 'csv', gen_random_uuid(), now() + interval '1 day'
     from generate_series(1, 3)`,
    [app.website.id],
  );
  await expect(request({ kind: "month", month: "2026-10" })).rejects.toMatchObject({ code: "conflict" });
});
