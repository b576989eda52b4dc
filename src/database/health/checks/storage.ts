import { existsSync } from "node:fs";
import type { Config } from "#platform/config.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { checkStorage } from "#platform/storage/read-back.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { type Check, type Finding, ok, unknown } from "./check.ts";

const about = "storage";
/** A store's verbs try again by themselves, for longer than a run of the checks may take. */
const answerMs = 4_000;

/** Asks the store; a folder that the first file will make is not asked. */
async function ask(config: Config, look: (storage: Storage) => Promise<Finding>): Promise<Finding> {
  const storage = openStorage(config);
  if (!config.s3 && !existsSync(config.filesDir))
    return ok(`Files will be in ${storage.description}, which the first one makes.`);
  const late = Promise.withResolvers<Finding>();
  const timer = setTimeout(
    () => late.resolve(broken(storage, `it has not answered for ${answerMs / 1000} seconds`)),
    answerMs,
  );
  const asked = look(storage).catch(error => broken(storage, (error as Error).message.replace(/\.$/, "")));
  const found = await Promise.race([asked, late.promise]);
  clearTimeout(timer);
  return found;
}

const broken = ({ description }: Storage, reason: string): Finding => ({
  level: "error",
  why: `Exports, backups and the list of erasures cannot be written to ${description}: ${reason}.`,
  fix: "Look whether the store runs and has space, and at S3_ENDPOINT, S3_BUCKET and its keys, or at the rights of FILES_DIR.",
});

export const storageChecks: Check[] = [
  {
    ...{ id: "storage", title: "Files, exports and backups", about, unit: "seconds" },
    healthy: "written, read and deleted in less than 2 seconds",
    metric: "prochat_storage_answer_seconds",
    look: ({ config }) =>
      ask(config, async storage => {
        const before = Date.now();
        await checkStorage(storage);
        const value = (Date.now() - before) / 1000;
        if (value < 2) return ok(`A file was written, read and deleted: ${storage.description}.`, { value });
        return {
          level: "warn",
          value,
          why: `To write, read and delete a small file took ${value.toFixed(1)} seconds: ${storage.description}.`,
          fix: "Look whether the store or the network to it is overloaded.",
        };
      }),
  },
];

export const storageVersions: Check = {
  ...{ id: "storage-versions", title: "What is deleted from the store is gone", about, unit: "count" },
  healthy: "no versions are kept",
  async look({ config }) {
    const found = await ask(config, async storage =>
      (await storage.keepsVersions())
        ? {
            level: "warn",
            why: `${storage.description} keeps versions of what is deleted. Erasures remove them, which needs the right s3:DeleteObjectVersion; all else stays for ever.`,
            fix: "Use a bucket without versions: once a bucket has them, a store only lets you suspend them. Until then, let a lifecycle rule delete old versions after some days.",
          }
        : ok("The store keeps nothing of what is deleted."),
    );
    return found.level === "error" ? unknown("The store does not answer.", "See “Files, exports and backups”.") : found;
  },
};
