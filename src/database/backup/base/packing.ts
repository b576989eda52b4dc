import { pipeline, Readable, Transform } from "node:stream";
import { constants, createGunzip, createGzip, createZstdCompress, createZstdDecompress } from "node:zlib";
import type { BackupFile } from "#database/backup/manifest.ts";
import { createCounter } from "#platform/storage/counted.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { decrypt, encrypt } from "./encryption.ts";

export type Packing = BackupFile["packing"];

const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag } = constants;
/** Node's reader takes one frame, and its workers break a stream. Without the checksum it does not notice a flipped bit. */
const zstd = { params: { [ZSTD_c_compressionLevel]: 1, [ZSTD_c_checksumFlag]: 1 }, chunkSize: 2 ** 18 };

const extensions = { none: "", zstd: ".zst", gzip: ".gz" } as const;

/**
 * Packs a file, encrypts it and puts it into the store.
 * @param p.name  without the extensions, such as base.tar
 * @param p.recipients  public keys; empty: it is not encrypted
 */
export async function putPacked(p: {
  storage: Storage;
  folder: string;
  name: string;
  body: Readable;
  packing: Packing;
  recipients: string[];
}): Promise<BackupFile> {
  const name = `${p.name}${extensions[p.packing]}${p.recipients.length > 0 ? ".age" : ""}`;
  const counter = createCounter();
  // Of a file that is stored as it is, the store's own hash is enough: each costs 1 s a GB.
  const isAsItIs = p.packing === "none" && p.recipients.length === 0;
  const packed = isAsItIs ? p.body : join(p.body, [count(counter), ...(compress[p.packing]?.() ?? [])]);
  const body = p.recipients.length > 0 ? await encrypt(packed, p.recipients) : packed;
  const stored = await p.storage.put(`${p.folder}${name}`, body);
  const plain = isAsItIs ? stored : counter.result();
  return {
    name,
    packing: p.packing,
    plainBytes: plain.sizeBytes,
    plainSha256: plain.sha256,
    packedBytes: stored.sizeBytes,
    packedSha256: stored.sha256,
  };
}

/**
 * Reads a file of a backup and unpacks it. The stream fails at its end if any byte is not as it was written.
 * @param p.identities  secret keys; null: the backup is not encrypted
 * @param p.onBytes  called with the size of each part that was read
 */
export async function getUnpacked(p: {
  storage: Storage;
  folder: string;
  file: BackupFile;
  identities: string[] | null;
  onBytes?(bytes: number): void;
}): Promise<Readable> {
  const { file } = p;
  const place = `${p.folder}${file.name}`;
  const stored = await p.storage.get(place).catch(error => {
    throw error instanceof AppError && error.code === "not_found" ? damaged(place, "it is missing") : error;
  });
  const packed = createCounter();
  const plain = createCounter();
  const checked = join(stored, [count(packed, p.onBytes)]);
  const clear = p.identities ? await decrypt(checked, p.identities) : checked;
  const check = () => {
    if (packed.result().sha256 !== file.packedSha256) return damaged(place, "its bytes have changed");
    return plain.result().sha256 === file.plainSha256 ? null : damaged(place, "it unpacks to other bytes");
  };
  const unpacked = join(clear, [...(decompress[file.packing]?.() ?? []), count(plain, undefined, check)]);
  return Readable.from(explained(unpacked, place), { objectMode: false, highWaterMark: 2 ** 20 });
}

const compress: Record<Packing, (() => Transform[]) | null> = {
  none: null,
  zstd: () => [createZstdCompress(zstd)],
  gzip: () => [createGzip({ level: 1, chunkSize: 2 ** 18 })],
};

const decompress: Record<Packing, (() => Transform[]) | null> = {
  none: null,
  zstd: () => [createZstdDecompress({ chunkSize: 2 ** 18 })],
  gzip: () => [createGunzip({ chunkSize: 2 ** 18 })],
};

/** The last of the streams. If one fails, all end with its error. */
function join(source: Readable, streams: Transform[]): Readable {
  return pipeline([source, ...streams], () => {}) as unknown as Readable;
}

/** @param check  at the end: why the bytes that passed are wrong */
function count(
  counter: ReturnType<typeof createCounter>,
  onBytes?: (bytes: number) => void,
  check = (): Error | null => null,
) {
  return new Transform({
    highWaterMark: 2 ** 20,
    transform(chunk, _, done) {
      counter.add(chunk);
      onBytes?.(chunk.length);
      done(null, chunk);
    },
    flush: done => done(check()),
  });
}

async function* explained(body: Readable, place: string): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw error instanceof AppError ? error : damaged(place, (error as Error).message);
  }
}

const damaged = (place: string, why: string) =>
  new AppError("backup_damaged", `${place} is damaged: ${why}. Choose another backup: prochat backup list.`);
