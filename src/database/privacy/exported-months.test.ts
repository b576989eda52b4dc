import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { monthOf } from "#database/partitions/months.ts";
import { exportMonth, type Manifest, verifyExport } from "#database/retention/month-export.ts";
import { listMonths } from "#database/retention/months.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { through } from "#platform/through.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import { recordErasure } from "./erasures.ts";
import { replayErasures, storeErasures } from "./ledger.ts";

let app: App;
let connection: Connection;
let folder: string;
beforeAll(async () => {
  app = await startApp();
  connection = connect({ url: app.databaseUrl, poolSize: 2, onError: () => undefined });
  folder = await mkdtemp(join(tmpdir(), "prochat-exported-"));
});
afterAll(async () => {
  await connection.close();
  await app.stop();
  await rm(folder, { recursive: true });
});

async function writer(body: string) {
  const { id } = (await (await app.visitor()).send(body)).conversation;
  const path = `/websites/${app.website.id}/conversations/${id}`;
  const { visitor } = await app.owner.api<ConversationShown>("GET", path);
  return { websiteId: app.website.id, visitorId: visitor.id, conversationIds: [id] };
}

test("exported months are rewritten without an erased person, and what they had is gone", async () => {
  const storage = openFolder(folder);
  const [gone] = [
    await writer("Forget\u2028me"),
    await writer("Keep\u2028me \u0085 \\n 🚲"),
    await writer("Keep me too"),
  ];
  const name = monthOf(gone!.conversationIds[0]!);
  const month = async () => (await listMonths(connection.db)).find(each => each.month === name)!;
  const { key, manifest } = await exportMonth(connection.db, storage, await month(), [app.website.id]);
  await app.sql.query("update message_months set export_key = $1 where month = $2", [key, `${name}-01`]);
  const linesOf = async ({ files }: Manifest) =>
    (await text(through(await storage.get(files[0]!.key), createGunzip()))).split("\n").filter(Boolean);
  const before = await linesOf(manifest);
  expect(before.join()).toContain("Forget");

  const at = new Date();
  const erasure = { ...gone!, requestedAt: at, erasedAt: at, removed: {} };
  await recordErasure(connection.db, erasure);
  await storeErasures(connection.db, storage);

  const { exportKey } = await month();
  expect(exportKey).not.toBe(key);
  const after = await verifyExport(storage, await month());
  const ids = [gone!.visitorId, ...gone!.conversationIds];
  expect(await linesOf(after)).toEqual(before.filter(line => !ids.some(id => line.includes(id))));
  expect(after.files[0]).toMatchObject({ visitors: 2, conversations: 2, messages: 2 });
  const keys = [];
  for await (const object of storage.list("months/")) keys.push(object.key);
  expect(keys.sort()).toEqual([exportKey!, after.files[0]!.key].sort());

  // Again, as after a run that was killed: nothing changes.
  await recordErasure(connection.db, erasure);
  await storeErasures(connection.db, storage);
  expect((await month()).exportKey).toBe(exportKey);
  expect(await verifyExport(storage, await month())).toEqual(after);

  // A restored database knows the export of before.
  await app.sql.query("update message_months set export_key = $1 where month = $2", [key, `${name}-01`]);
  await replayErasures(connection.db, storage);
  expect((await month()).exportKey).toBe(exportKey);
});
