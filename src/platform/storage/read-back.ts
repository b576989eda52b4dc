import { randomUUID } from "node:crypto";
import { AppError } from "#protocol/errors.ts";
import { type Counted, createCounter } from "./counted.ts";
import type { Storage } from "./storage.ts";

/** Reads an object back: what a store says about its objects is not trusted. @throws AppError "not_found" */
export async function readBack(storage: Storage, key: string): Promise<Counted> {
  const counter = createCounter();
  for await (const chunk of await storage.get(key)) counter.add(chunk);
  return counter.result();
}

/** Writes, reads back and deletes an object. @throws AppError "storage_unavailable" with what to do */
export async function checkStorage(storage: Storage): Promise<void> {
  const key = `checks/${randomUUID()}`;
  const written = await storage.put(key, Buffer.from(`Written to check this store, ${new Date().toISOString()}`));
  try {
    const found = await readBack(storage, key);
    if (found.sha256 === written.sha256) return;
    throw new AppError(
      "storage_unavailable",
      `${storage.description} gave back other bytes than were written to ${key}.`,
    );
  } finally {
    await storage.deleteAllVersions(key);
  }
}
