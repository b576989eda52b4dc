import { AppError } from "#protocol/errors.ts";

/** S3 allows 1,024 bytes with the prefix, file systems 255 a part. */
const maxKeyLength = 800;
const part = /^[\w=-][\w.=-]{0,199}$/;

/**
 * Refuses what could leave the folder, and what a store or a file system may read in another way.
 * @throws AppError "invalid_request"
 */
export function requireKey(key: string): void {
  if (key.length <= maxKeyLength && key.split("/").every(name => part.test(name))) return;
  throw new AppError(
    "invalid_request",
    `"${key.slice(0, 100)}" cannot name a stored object. Join parts of letters, digits and . _ - = by /; none begins with a dot.`,
  );
}

/** A prefix is the beginning of a key: it may end with a slash, or be empty. @throws AppError "invalid_request" */
export function requirePrefix(prefix: string): void {
  if (prefix !== "") requireKey(/[^/]\/$/.test(prefix) ? prefix.slice(0, -1) : prefix);
}
