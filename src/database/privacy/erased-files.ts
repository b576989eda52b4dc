import { buffer } from "node:stream/consumers";
import { z } from "zod";
import type { Storage } from "#platform/storage/storage.ts";

/**
 * A stored file that was erased with a person: the part of the ledger by which backups delete their copies of it. An export of
 * a month is written again without the person, under another name.
 */
const ErasedFile = z.object({
  /** of its bytes */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  erasedAt: z.iso.datetime(),
  /** the manifests of the month before and after */
  replaced: z.object({ before: z.string(), after: z.string() }),
});
export type ErasedFile = z.infer<typeof ErasedFile>;

const prefix = "erased-files/";

/** To be called before the file is deleted. */
export const recordErasedFile = (storage: Storage, file: ErasedFile) =>
  storage.put(`${prefix}${file.sha256}.json`, Buffer.from(JSON.stringify(file)));

/** The oldest first. */
export async function listErasedFiles(storage: Storage): Promise<ErasedFile[]> {
  const found: ErasedFile[] = [];
  for await (const { key } of storage.list(prefix))
    found.push(ErasedFile.parse(JSON.parse(`${await buffer(await storage.get(key))}`)));
  return found.sort((a, b) => (a.erasedAt < b.erasedAt ? -1 : 1));
}
