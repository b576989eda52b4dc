import { createHash } from "node:crypto";

export type Counted = { sizeBytes: number; sha256: string };

/** Counts the bytes that pass and hashes them. `result` is called once, when all have passed. */
export function createCounter(): { add(chunk: Uint8Array): void; result(): Counted } {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  return {
    add(chunk) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    },
    result: () => ({ sizeBytes, sha256: hash.digest("hex") }),
  };
}
