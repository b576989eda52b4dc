import { chmod, chown, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "#protocol/errors.ts";
import { type Account, run } from "./own-process.ts";

const userName = "prochat";

/**
 * Chooses whom PostgreSQL runs as: ourselves, or, as it refuses root, the owner of the cluster that is there already,
 * else the system user "prochat", made when missing.
 * @param p.folder   where the cluster's folder is or will be
 * @param p.cluster  the cluster's folder
 * @param p.program  the path of `postgres`
 * @throws AppError "database_failed" when there is nobody who can run it
 */
export async function chooseAccount(p: { folder: string; cluster: string; program: string }): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const user = (await findOwner(p.cluster)) ?? (await findUser()) ?? (await createUser());
  await letEnter(p.folder, user);

  const plain = { ...user, prefix: [] };
  if ((await canReach(p.folder, user)) && (await canRun(plain, p.program))) return plain;

  // Below a folder that others may not enter, such as /root: the one right to walk through, and nobody's permissions
  // change. It lets PostgreSQL read what root may read, so it is not the first choice.
  const right = "+dac_read_search";
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  // initdb asks access(2), which leaves an ordinary user's capabilities out unless told not to: capabilities(7).
  const rights = [`--inh-caps=${right}`, `--ambient-caps=${right}`, "--securebits=+no_setuid_fixup"];
  const prefix = ["setpriv", ...ids, ...rights, "--"];
  if (await canRun({ ...user, prefix }, p.program)) return { ...user, prefix };

  throw new AppError(
    "database_failed",
    `PostgreSQL does not run as root, and the user "${userName}" may not enter ${p.folder} or run ${p.program}. ` +
      "Start Pro LiveChat as an ordinary user, or keep both where others may enter, or set DATABASE_URL.",
  );
}

type User = { uid: number; gid: number };

async function findOwner(cluster: string): Promise<User | null> {
  const owner = await stat(cluster).catch(() => null);
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : null;
}

async function findUser(): Promise<User | null> {
  const [uid, gid] = await Promise.all(["-u", "-g"].map(flag => run(null, "id", [flag, userName])));
  return uid?.code === 0 && gid?.code === 0 ? { uid: Number(uid.output), gid: Number(gid.output) } : null;
}

async function createUser(): Promise<User> {
  const places = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"];
  const made = await run(null, "useradd", ["--system", "--user-group", ...places, userName]);
  const user = await findUser(); // also when it failed: another start may have made it at the same time
  if (user) return user;
  throw new AppError(
    "database_failed",
    `PostgreSQL does not run as root, and the user "${userName}" for it could not be made ` +
      `(${made.output.trim() || "useradd failed"}). Start Pro LiveChat as an ordinary user, or set DATABASE_URL.`,
  );
}

/** Lets the user pass through a data folder that is root's alone; it still cannot list it or read its files. */
async function letEnter(folder: string, user: User): Promise<void> {
  const { uid, gid, mode } = await stat(folder);
  if (uid !== 0 || gid !== 0 || mode & 0o001) return;
  await chown(folder, uid, user.gid);
  await chmod(folder, (mode & 0o777) | 0o010);
}

async function canReach(folder: string, user: User): Promise<boolean> {
  const { uid, gid, mode } = await stat(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if (!(mode & bit)) return false;
  return folder === dirname(folder) || canReach(dirname(folder), user);
}

const canRun = async (account: Account, program: string) => (await run(account, program, ["--version"])).code === 0;
