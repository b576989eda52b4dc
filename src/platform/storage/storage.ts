import type { Readable } from "node:stream";

export type StoredObject = {
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
};

/** Bytes `[from, until)` of an object. */
export type ByteRange = { from: number; until: number };

/**
 * Where files, exports, backups and the ledger of erasures are: a folder on disk or a bucket of an S3-compatible store.
 * Keys are relative paths such as `exports/12/019a….ndjson.gz`: parts of letters, digits and `. _ - =`, joined by `/`.
 *
 * Every verb throws AppError "storage_unavailable" when the store cannot be reached or fails for the moment; the verbs retry
 * that by themselves first. A store's own checksums are not trusted: read back what must be right.
 */
export type Storage = {
  /** Replaces the object. It is seen whole or not at all, also after a crash. @returns what was written */
  put(key: string, body: Readable | Buffer): Promise<{ sizeBytes: number; sha256: string }>;
  /** @throws AppError "not_found"; the stream fails if the body is cut */
  get(key: string, range?: ByteRange): Promise<Readable>;
  /** null: there is no such object */
  head(key: string): Promise<StoredObject | null>;
  /** All objects whose key begins with `prefix`, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Succeeds if there is no such object. In a bucket that keeps versions, older ones stay. */
  delete(key: string): Promise<void>;
  /** As delete(), with all versions that a bucket keeps. @returns how many versions went */
  deleteAllVersions(key: string): Promise<number>;
  /** For people: the folder, or the store's address and bucket, without secrets. */
  description: string;
};
