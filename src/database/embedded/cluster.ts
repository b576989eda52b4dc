import { randomBytes } from "node:crypto";
import { chown, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "#protocol/errors.ts";
import type { Binaries } from "./binaries.ts";
import { diskFull } from "./folder-errors.ts";
import { type Account, run } from "./own-process.ts";
import { findReason, saysDiskFull } from "./postgres-log.ts";

/**
 * Creates a cluster with the superuser and the database `prochat`. It is created in another folder and renamed when it is
 * complete: a kill at any moment leaves a whole cluster or none.
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
  const unfinished = `${p.dir}.new-${randomBytes(4).toString("hex")}`;
  await mkdir(unfinished, { mode: 0o700 });
  if (p.account) await chown(unfinished, p.account.uid, p.account.gid);
  try {
    const access = ["--username=prochat", "--auth-local=reject", "--auth-host=scram-sha-256"];
    await finish(
      p,
      run(p.account, p.binaries.initdb, ["-D", unfinished, "--encoding=UTF8", ...access, ...p.initdbArgs]),
    );
    // Through standard input: the password must not be in a file or in the list of processes.
    const sql = `alter role prochat password '${p.password}';\ncreate database prochat;\n`;
    const single = ["--single", "-D", unfinished, "-c", "exit_on_error=on", "postgres"];
    await finish(p, run(p.account, p.binaries.postgres, single, sql));
    await rename(unfinished, p.dir);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

/** The major version that created the cluster, or null if there is none. */
export async function readClusterMajor(dir: string): Promise<string | null> {
  const text = await readFile(join(dir, "PG_VERSION"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text?.trim() ?? null;
}

async function removeUnfinished(dir: string): Promise<void> {
  const names = await readdir(dirname(dir));
  const folders = names.filter(name => name.startsWith(`${basename(dir)}.new-`));
  for (const name of folders) await rm(join(dirname(dir), name), { recursive: true, force: true, maxRetries: 5 });
}

async function finish(p: { dir: string }, step: ReturnType<typeof run>): Promise<void> {
  const { code, output } = await step;
  if (code === 0) return;
  if (saysDiskFull(output)) throw diskFull(dirname(p.dir));
  throw new AppError(
    "database_failed",
    `The database could not be created in ${p.dir}: ${findReason(output)}. Fix that, or set DATABASE_URL.`,
    { details: output },
  );
}
