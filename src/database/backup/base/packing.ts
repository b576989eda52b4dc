import { pipeline, Readable, Transform } from "node:stream";
import { constants, createGunzip, createGzip, createZstdCompress, createZstdDecompress } from "node:zlib";
import type { BackupFile } from "#database/backup/manifest.ts";
import { createCounter } from "#platform/storage/counted.ts";
import type { Pace } from "#platform/storage/pace.ts";
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
 * @param p.body  a chunk of it may change when the next one is asked for
 * @param p.recipients  public keys; empty: it is not encrypted
 */
export async function putPacked(p: {
  storage: Storage;
  folder: string;
  name: string;
  body: AsyncIterable<Buffer>;
  packing: Packing;
  recipients: string[];
  pace?: Pace | undefined;
}): Promise<BackupFile> {
  const name = `${p.name}${extensions[p.packing]}${p.recipients.length > 0 ? ".age" : ""}`;
  const plain = { bytes: 0 };
  const packed = pack(countBytes(p.pace?.(p.body) ?? p.body, plain), p.packing);
  const body = p.recipients.length > 0 ? await encrypt(Readable.from(copyChunks(packed)), p.recipients) : packed;
  const stored = await p.storage.put(`${p.folder}${name}`, body);
  return {
    name,
    packing: p.packing,
    plainBytes: plain.bytes,
    packedBytes: stored.sizeBytes,
    packedSha256: stored.sha256,
  };
}

async function* countBytes(body: AsyncIterable<Buffer>, count: { bytes: number }): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    count.bytes += chunk.length;
    yield chunk;
  }
}

/** Streams read ahead. */
async function* copyChunks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of body) yield Buffer.from(chunk);
}

/** The compression works in a thread of its own, a chunk at a time; meanwhile the next one comes in. */
async function* pack(body: AsyncIterable<Buffer>, packing: Packing): AsyncGenerator<Buffer> {
  const stream = compress[packing]?.();
  if (!stream) return yield* body;
  const feeding = feed(stream, body);
  feeding.catch(error => stream.destroy(error));
  yield* stream as AsyncIterable<Buffer>;
  await feeding;
}

/** Asks for the next chunk when the one before was packed. */
async function feed(stream: Transform, body: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of body) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    stream.write(chunk, error => (error ? reject(error) : resolve()));
    await promise;
  }
  stream.end();
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
  pace?: Pace | undefined;
}): Promise<Readable> {
  const { file } = p;
  const place = `${p.folder}${file.name}`;
  const stored = await p.storage.get(place).catch(error => {
    throw error instanceof AppError && error.code === "not_found" ? damaged(place, "it is missing") : error;
  });
  const packed = createCounter();
  const checked = join(stored, [count(packed, p.onBytes)]);
  const clear = p.identities ? await decrypt(checked, p.identities) : checked;
  let plainBytes = 0;
  const check = new Transform({
    highWaterMark: 2 ** 20,
    transform(chunk, _, done) {
      plainBytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      if (packed.result().sha256 !== file.packedSha256) done(damaged(place, "its bytes have changed"));
      else done(plainBytes === file.plainBytes ? null : damaged(place, "it unpacks to another size"));
    },
  });
  const unpacked = join(clear, [...(decompress[file.packing]?.() ?? []), check]);
  const body = explained(unpacked, place);
  return Readable.from(p.pace?.(body) ?? body, { objectMode: false, highWaterMark: 2 ** 20 });
}

const compress: Record<Packing, (() => Transform) | null> = {
  none: null,
  zstd: () => createZstdCompress(zstd),
  gzip: () => createGzip({ level: 1, chunkSize: 2 ** 18 }),
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

function count(counter: ReturnType<typeof createCounter>, onBytes?: (bytes: number) => void) {
  return new Transform({
    highWaterMark: 2 ** 20,
    transform(chunk, _, done) {
      counter.add(chunk);
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
}

async function* explained(body: Readable, place: string): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw asDamaged(error, place);
  }
}

/**
 * What went wrong while the bytes at `place` were read and unpacked. A flipped bit may be met before the end of the stream, by
 * whatever reads it. Errors of ours and of the file system that it is unpacked to stay as they are.
 */
export const asDamaged = (error: unknown, place: string): Error =>
  error instanceof AppError || (error as NodeJS.ErrnoException).syscall !== undefined
    ? (error as Error)
    : damaged(place, (error as Error).message);

export const damaged = (place: string, why: string): AppError =>
  new AppError("backup_damaged", `${place} is damaged: ${why}. Choose another backup: prochat backup list.`);
