import { type Duplex, pipeline, Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { createCounter } from "#platform/storage/counted.ts";
import { readBack } from "#platform/storage/read-back.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { type Line, listExportedConversations, listExportedMessages, listExportedVisitors } from "./export-queries.ts";
import type { Month } from "./months.ts";

/** What an object holds: its bytes as stored, and its lines as they were read from the tables. */
type ExportedFile = {
  websiteId: number;
  key: string;
  sizeBytes: number;
  sha256: string;
  /** of the unpacked lines */
  linesSha256: string;
  visitors: number;
  conversations: number;
  messages: number;
};

/** Names every object of a month's export. Written last: an export without it never happened. */
export type Manifest = { version: 1; month: string; createdAt: string; files: ExportedFile[] };

const pageSize = 2000;

const folderOf = (month: string) => `months/${month}/`;

/**
 * Writes a month to the storage: NDJSON.gz a website, each line a visitor, a conversation or a message with all columns.
 * Reads every object back, and compares it with what was read from the tables.
 * @returns the manifest, and its key
 * @throws AppError "storage_unavailable" if the storage fails, or gives back other bytes
 */
export async function exportMonth(
  db: Db,
  storage: Storage,
  month: Month,
  websiteIds: number[],
): Promise<{ key: string; manifest: Manifest }> {
  const folder = `${folderOf(month.month)}${uuidv7()}`;
  const files: ExportedFile[] = [];
  for (const websiteId of websiteIds) {
    const file = await exportWebsite(db, storage, month, websiteId, folder);
    if (file) files.push(file);
  }
  const manifest: Manifest = { version: 1, month: month.month, createdAt: new Date().toISOString(), files };
  const key = `${folder}/manifest.json`;
  await storage.put(key, Buffer.from(JSON.stringify(manifest, null, 2)));
  await verifyExport(storage, { ...month, exportKey: key });
  return { key, manifest };
}

const listed = {
  visitors: listExportedVisitors,
  conversations: listExportedConversations,
  messages: listExportedMessages,
};

/** @returns null if the website has nothing in the month */
async function exportWebsite(
  db: Db,
  storage: Storage,
  month: Month,
  websiteId: number,
  folder: string,
): Promise<ExportedFile | null> {
  const lines = createCounter();
  const counts = { visitors: 0, conversations: 0, messages: 0 };
  async function* write() {
    for (const kind of ["visitors", "conversations", "messages"] as const) {
      let after: string[] | null = null;
      do {
        const page: Line[] = await listed[kind](db, { ...month, websiteId, after, limit: pageSize });
        const text = Buffer.from(page.map(({ line }) => `${line}\n`).join(""));
        lines.add(text);
        counts[kind] += page.length;
        yield text;
        after = page.length === pageSize ? page.at(-1)!.key : null;
      } while (after);
    }
  }
  const key = `${folder}/${websiteId}.ndjson.gz`;
  const written = await storage.put(key, through(Readable.from(write()), createGzip()));
  if (counts.conversations > 0 || counts.messages > 0) {
    return { websiteId, key, ...written, linesSha256: lines.result().sha256, ...counts };
  }
  await storage.deleteAllVersions(key);
  return null;
}

/**
 * Reads an export back: each object has the bytes that were written, and they unpack to the lines of the tables.
 * @throws AppError "storage_unavailable" naming the first object that is missing, cut or changed
 */
export async function verifyExport(storage: Storage, { month, exportKey }: Month): Promise<Manifest> {
  const manifest = await readManifest(storage, month, exportKey!);
  for (const file of manifest.files) {
    const found = await readBack(storage, file.key).catch(cause => {
      throw damaged(storage, file.key, cause);
    });
    if (found.sha256 !== file.sha256 || found.sizeBytes !== file.sizeBytes) throw damaged(storage, file.key);
    const lines = createCounter();
    const unpacked = through(await storage.get(file.key), createGunzip());
    for await (const chunk of unpacked) lines.add(chunk as Buffer);
    if (lines.result().sha256 !== file.linesSha256) throw damaged(storage, file.key);
  }
  return manifest;
}

async function readManifest(storage: Storage, month: string, key: string): Promise<Manifest> {
  try {
    const chunks = [];
    for await (const chunk of await storage.get(key)) chunks.push(chunk as Buffer);
    const manifest = JSON.parse(Buffer.concat(chunks).toString()) as Manifest;
    if (manifest.month === month && Array.isArray(manifest.files)) return manifest;
  } catch (cause) {
    throw damaged(storage, key, cause);
  }
  throw damaged(storage, key);
}

function damaged(storage: Storage, key: string, cause?: unknown): AppError {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new AppError(
    "storage_unavailable",
    `The export ${key} in ${storage.description} is missing, cut or changed${why}. The month stays in the database, and is ` +
      "exported again.",
    { cause },
  );
}

/** An error of the source is one of the stream: the reader gets it. */
const through = (source: Readable, transform: Duplex): Readable => pipeline(source, transform, () => {});

/** Removes earlier exports of the month, and those that were interrupted. @param key  of the manifest that stays */
export async function removeOtherExports(storage: Storage, { month }: Month, key: string): Promise<void> {
  const folder = key.slice(0, key.lastIndexOf("/"));
  const others = [];
  for await (const other of storage.list(folderOf(month)))
    if (!other.key.startsWith(`${folder}/`)) others.push(other.key);
  for (const other of others) await storage.deleteAllVersions(other);
}
