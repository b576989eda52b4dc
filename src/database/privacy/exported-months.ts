import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { createGunzip, createGzip } from "node:zlib";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { linesOf } from "#database/export/lines.ts";
import { monthOf } from "#database/partitions/months.ts";
import type { Manifest } from "#database/retention/month-export.ts";
import { createCounter } from "#platform/storage/counted.ts";
import { readBack } from "#platform/storage/read-back.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { recordErasedFile } from "./erased-files.ts";
import { listExports, replaceExport } from "./month-queries.ts";

type Person = { websiteId: number; visitorId: string; conversationIds: string[] };
type ExportedFile = Manifest["files"][number];

/**
 * Rewrites the exports of months without a person, each under a new manifest, and deletes the objects before with all their
 * versions. The new object is read back before the manifest names it. A run that ends in the middle is made good by the next.
 * @returns how many exports changed
 * @throws AppError "storage_unavailable"
 */
export async function removeFromExports(db: Db, storage: Storage, person: Person): Promise<number> {
  const months = [...new Set(person.conversationIds.map(monthOf))];
  let changed = 0;
  for (const { exportKey } of await listExports(db, months)) {
    const manifest = (await json(await storage.get(exportKey))) as Manifest;
    const files = await Promise.all(
      manifest.files.map(file => (file.websiteId === person.websiteId ? rewrite(storage, file, person) : file)),
    );
    const isSame = files.every((file, i) => file === manifest.files[i]);
    const folder = exportKey.slice(0, exportKey.lastIndexOf("/"));
    const key = isSame ? exportKey : `${folder}/manifest-${uuidv7()}.json`;
    if (!isSame) {
      await storage.put(
        key,
        Buffer.from(JSON.stringify({ ...manifest, createdAt: new Date().toISOString(), files }, null, 2)),
      );
      // Another export of the month takes its place meanwhile: it was read after the erasure.
      if (!(await replaceExport(db, { before: exportKey, after: key }))) continue;
      const erasedAt = new Date().toISOString();
      const replaced = { before: exportKey, after: key };
      for (const { sha256 } of manifest.files.filter(file => !files.includes(file)))
        await recordErasedFile(storage, { sha256, erasedAt, replaced });
      changed++;
    }
    await removeUnnamed(storage, folder, [key, ...files.map(file => file.key)]);
  }
  return changed;
}

/** Also what an earlier run has left. */
async function removeUnnamed(storage: Storage, folder: string, named: string[]): Promise<void> {
  const others = [];
  for await (const { key } of storage.list(`${folder}/`)) if (!named.includes(key)) others.push(key);
  for (const key of others) await storage.deleteAllVersions(key);
}

type Line = { type: string; id?: string; visitor_id?: string; conversation_id?: string };

/** @returns the file that takes its place; the same one if the person is not in it */
async function rewrite(
  storage: Storage,
  file: ExportedFile,
  { visitorId, conversationIds }: Person,
): Promise<ExportedFile> {
  const ids = new Set(conversationIds);
  const isTheirs = ({ type, id, visitor_id, conversation_id }: Line): boolean => {
    if (type === "visitor") return id === visitorId;
    return type === "conversation" ? visitor_id === visitorId || ids.has(id!) : ids.has(conversation_id!);
  };
  const lines = createCounter();
  const counts: Record<string, number> = { visitor: 0, conversation: 0, message: 0 };
  let removed = 0;
  async function* kept() {
    const packed = await storage.get(file.key);
    for await (const line of linesOf(packed.compose(createGunzip()))) {
      const row = JSON.parse(line) as Line;
      if (isTheirs(row)) {
        removed++;
        continue;
      }
      counts[row.type] = (counts[row.type] ?? 0) + 1;
      const text = Buffer.from(`${line}\n`);
      lines.add(text);
      yield text;
    }
  }
  const key = file.key.replace(/[^/]+$/, `${file.websiteId}-${uuidv7()}.ndjson.gz`);
  const written = await storage.put(key, Readable.from(kept()).compose(createGzip()) as Readable);
  if (removed === 0) {
    await storage.deleteAllVersions(key);
    return file;
  }
  if ((await readBack(storage, key)).sha256 !== written.sha256) {
    throw new AppError(
      "storage_unavailable",
      `${key} in ${storage.description} is not as it was written. The next run repeats it.`,
    );
  }
  const { visitor = 0, conversation = 0, message = 0 } = counts;
  return {
    ...file,
    ...written,
    key,
    linesSha256: lines.result().sha256,
    visitors: visitor,
    conversations: conversation,
    messages: message,
  };
}
