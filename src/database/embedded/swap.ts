import { mkdir, open, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";

/** What a restore replaces in a data folder. */
const names = ["postgres", "tablespaces", "secrets.json"];

type Plan = {
  /** below the data folder */
  restored: string;
  /** gets what was there; absent if nothing was */
  safetyCopy: string;
};

/**
 * Replaces the cluster of a data folder by a restored one and keeps the old one as a safety copy, both below the same folder.
 * The plan is written first: a kill at any moment leaves it to finishSwap().
 */
export async function swapIn(dir: string, plan: Plan): Promise<void> {
  const file = await open(join(dir, `${planName}.new`), "w", 0o600);
  try {
    await file.writeFile(JSON.stringify(plan));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(join(dir, `${planName}.new`), join(dir, planName));
  await finishSwap(dir);
}

/** Continues a swap that was killed. Without it, the next start would find no cluster and create an empty one. */
export async function finishSwap(dir: string): Promise<void> {
  const plan = await readPlan(dir);
  if (!plan) return;
  const [restored, safetyCopy] = [join(dir, plan.restored), join(dir, plan.safetyCopy)];
  for (const name of names) {
    if (!(await exists(join(restored, name)))) continue; // already moved, or not part of the backup
    if (await exists(join(dir, name))) {
      await mkdir(safetyCopy, { recursive: true, mode: 0o700 });
      await rename(join(dir, name), join(safetyCopy, name));
    }
    await rename(join(restored, name), join(dir, name));
  }
  await relinkTablespaces(dir);
  await rm(join(dir, planName));
  await rm(restored, { recursive: true, force: true });
}

/** The restore had them in its own folder. */
async function relinkTablespaces(dir: string): Promise<void> {
  const oids = (await exists(join(dir, "tablespaces"))) ? await readdir(join(dir, "tablespaces")) : [];
  for (const oid of oids) {
    const link = join(dir, "postgres", "pg_tblspc", oid);
    await rm(link, { force: true });
    await symlink(join(dir, "tablespaces", oid), link, "junction");
  }
}

const planName = "restore.json";

async function readPlan(dir: string): Promise<Plan | null> {
  try {
    return JSON.parse(await readFile(join(dir, planName), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    error => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
