import type { Readable } from "node:stream";
import type { Counted } from "./counted.ts";

export type Body = AsyncIterable<Buffer | string> | Buffer;

export type StoredObject = {
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
};

/** What a bucket that keeps versions has of an object from before it was replaced or deleted. */
export type EarlierVersion = StoredObject & { versionId: string };

/** Bytes `[from, until)` of an object; what is beyond its end does not count. */
export type ByteRange = { from: number; until: number };

/**
 * Where files, exports, backups and the ledger of erasures are: a folder on disk or a bucket of an S3-compatible store.
 * Keys are relative paths such as `exports/12/019a….ndjson.gz`: see keys.ts. A key is never the folder of another one.
 *
 * Every verb throws AppError "storage_unavailable" when the store cannot be reached or fails for the moment; the verbs retry
 * that by themselves first. A store's own checksums are not trusted: readBack() what must be right.
 */
export type Storage = {
  /**
   * Replaces the object. It is seen whole or not at all, also after a crash. If `body` fails, nothing changes and put() throws
   * its error. @param body  a chunk of it may change when the next one is asked for. @returns what was written
   */
  put(key: string, body: Body): Promise<Counted>;
  /** @throws AppError "not_found"; the stream fails if the body is cut */
  get(key: string, range?: ByteRange, versionId?: string): Promise<Readable>;
  /** null: there is no such object */
  head(key: string): Promise<StoredObject | null>;
  /** All objects whose key begins with `prefix`, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Succeeds if there is no such object. In a bucket that keeps versions, older ones stay. */
  delete(key: string): Promise<void>;
  /** As delete(), with all versions that a bucket keeps. @returns how many versions went */
  deleteAllVersions(key: string): Promise<number>;
  /** The earlier versions of all objects, which list() does not show. None where no versions are kept. */
  listEarlierVersions(): AsyncIterable<EarlierVersion>;
  /** True: the store keeps what is deleted or replaced, so only deleteAllVersions() removes it. */
  keepsVersions(): Promise<boolean>;
  /** For people: the folder, or the store's address and bucket, without secrets. */
  description: string;
};
