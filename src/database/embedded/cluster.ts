import { randomBytes } from "node:crypto";
import { chown, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "#protocol/errors.ts";
import type { Binaries } from "./binaries.ts";
import { diskFull } from "./folder-errors.ts";
import { type Account, run } from "./own-process.ts";
import { tellingLine } from "./postgres-log.ts";

/**
 * Makes a cluster with the superuser and the database `prochat`. It is made beside its place and moved there when
 * complete: killed at any moment, there is either a whole cluster or none.
 * @param p.dir         the cluster's folder; must not exist
 * @param p.initdbArgs  locale, checksums, settings
 */
export async function createCluster(p: {
  binaries: Binaries;
  account: Account | null;
  dir: string;
  password: string;
  initdbArgs: string[];
}): Promise<void> {
  await removeUnfinished(p.dir);
  const draft = `${p.dir}.new-${randomBytes(4).toString("hex")}`;
  await mkdir(draft, { mode: 0o700 });
  if (p.account) await chown(draft, p.account.uid, p.account.gid);
  try {
    const access = ["--username=prochat", "--auth-local=reject", "--auth-host=scram-sha-256"];
    await finish(p, run(p.account, p.binaries.initdb, ["-D", draft, "--encoding=UTF8", ...access, ...p.initdbArgs]));
    // Through standard input, so that the password is in no file and no process list.
    const sql = `alter role prochat password '${p.password}';\ncreate database prochat;\n`;
    const single = ["--single", "-D", draft, "-c", "exit_on_error=on", "postgres"];
    await finish(p, run(p.account, p.binaries.postgres, single, sql));
    await rename(draft, p.dir);
  } catch (error) {
    await rm(draft, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

/** The major version that made the cluster, or null when there is no cluster. */
export async function readClusterMajor(dir: string): Promise<string | null> {
  const text = await readFile(join(dir, "PG_VERSION"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text?.trim() ?? null;
}

async function removeUnfinished(dir: string): Promise<void> {
  const names = await readdir(dirname(dir));
  const drafts = names.filter(name => name.startsWith(`${basename(dir)}.new-`));
  for (const name of drafts) await rm(join(dirname(dir), name), { recursive: true, force: true, maxRetries: 5 });
}

async function finish(p: { dir: string }, step: ReturnType<typeof run>): Promise<void> {
  const { code, output } = await step;
  if (code === 0) return;
  if (output.includes("No space left on device")) throw diskFull(dirname(p.dir));
  throw new AppError(
    "database_failed",
    `The database could not be made in ${p.dir}: ${tellingLine(output)}. Mend that, or set DATABASE_URL.`,
    { details: output },
  );
}
