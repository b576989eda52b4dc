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
import { through } from "#platform/through.ts";
import { AppError } from "#protocol/errors.ts";
import { recordErasedFile } from "./erased-files.ts";
import { listExports, replaceExport } from "./month-queries.ts";

type Person = { websiteId: number; visitorId: string; conversationIds: string[] };
type ExportedFile = Manifest["files"][number];

/**
 * Rewrites the exports of months without a person, each under a new manifest, and deletes the objects before with all their
 * versions. All exports of dropped months are read: the conversations in them are in no table any more. The new object is
 * read back before the manifest names it. A run that ends in the middle is made good by the next.
 * @returns how many exports changed
 * @throws AppError "storage_unavailable"
 */
export async function removeFromExports(db: Db, storage: Storage, person: Person): Promise<number> {
  const months = [...new Set(person.conversationIds.map(monthOf))];
  let changed = 0;
  for (const { exportKey } of await listExports(db, months)) {
    const manifest = await readManifest(storage, exportKey);
    if (!manifest) continue;
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

/** null: somebody has deleted the export, so nobody is in it. */
async function readManifest(storage: Storage, key: string): Promise<Manifest | null> {
  return (await storage.head(key)) ? ((await json(await storage.get(key))) as Manifest) : null;
}

/** Also what an earlier run has left. */
async function removeUnnamed(storage: Storage, folder: string, named: string[]): Promise<void> {
  const others = [];
  for await (const { key } of storage.list(`${folder}/`)) if (!named.includes(key)) others.push(key);
  for (const key of others) await storage.deleteAllVersions(key);
}

type Line = { type: string; id?: string; visitor_id?: string; conversation_id?: string };

/** Lines of a file in its order: visitors, conversations, messages. So the ids of their conversations are known in time. */
function createFilter({ visitorId, conversationIds }: Person): (line: Line) => boolean {
  const ids = new Set(conversationIds);
  return ({ type, id, visitor_id, conversation_id }) => {
    if (type === "visitor") return id === visitorId;
    if (type !== "conversation") return ids.has(conversation_id!);
    if (visitor_id === visitorId) ids.add(id!);
    return ids.has(id!);
  };
}

async function* readLines(storage: Storage, { key }: ExportedFile): AsyncGenerator<string> {
  yield* linesOf(through(await storage.get(key), createGunzip()));
}

async function isIn(storage: Storage, file: ExportedFile, person: Person): Promise<boolean> {
  const isTheirs = createFilter(person);
  let isFound = false;
  for await (const line of readLines(storage, file)) isFound = isTheirs(JSON.parse(line)) || isFound;
  return isFound;
}

const linesPerPage = 500;

/** The lines of a person in the exports of months that the database does not have any more, a page of them at a time. */
export async function* rowsInExports(
  db: Db,
  storage: Storage,
  { websiteId, visitorId }: Omit<Person, "conversationIds">,
): AsyncGenerator<string[]> {
  for (const { exportKey } of await listExports(db, [])) {
    const manifest = await readManifest(storage, exportKey);
    for (const file of manifest?.files.filter(each => each.websiteId === websiteId) ?? []) {
      const isTheirs = createFilter({ websiteId, visitorId, conversationIds: [] });
      let page: string[] = [];
      for await (const line of readLines(storage, file)) {
        if (isTheirs(JSON.parse(line))) page.push(line);
        if (page.length === linesPerPage) {
          yield page;
          page = [];
        }
      }
      if (page.length > 0) yield page;
    }
  }
}

/** @returns the file that takes its place; the same one if the person is not in it */
async function rewrite(storage: Storage, file: ExportedFile, person: Person): Promise<ExportedFile> {
  if (!(await isIn(storage, file, person))) return file;
  const isTheirs = createFilter(person);
  const lines = createCounter();
  const counts: Record<string, number> = { visitor: 0, conversation: 0, message: 0 };
  async function* kept() {
    for await (const line of readLines(storage, file)) {
      const row = JSON.parse(line) as Line;
      if (isTheirs(row)) continue;
      counts[row.type] = (counts[row.type] ?? 0) + 1;
      const text = Buffer.from(`${line}\n`);
      lines.add(text);
      yield text;
    }
  }
  const key = file.key.replace(/[^/]+$/, `${file.websiteId}-${uuidv7()}.ndjson.gz`);
  const written = await storage.put(key, through(Readable.from(kept()), createGzip()));
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
