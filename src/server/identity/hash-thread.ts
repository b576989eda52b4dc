import { scryptSync } from "node:crypto";
import { parentPort } from "node:worker_threads";
import type { HashJob } from "./passwords.ts";

// The thread of passwords.ts: one hash after another. It answers each job with its key.

parentPort!.on("message", ({ password, salt, keyBytes, cost: { N, r, p } }: HashJob) => {
  const maxmem = 128 * r * (N + p) * 2;
  parentPort!.postMessage(scryptSync(password.normalize("NFKC"), salt, keyBytes, { N, r, p, maxmem }));
});
