import { chmod, chown, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "#protocol/errors.ts";
import { type Account, run } from "./own-process.ts";

const userName = "prochat";

/**
 * Chooses the user that runs PostgreSQL: the current one, unless that is root, which PostgreSQL refuses. For root it is
 * the owner of the existing cluster, otherwise the system user "prochat", which is created if missing.
 * @param p.folder   the folder that holds the cluster's folder
 * @param p.cluster  the cluster's folder
 * @param p.program  the path of `postgres`
 * @returns null: the current user
 * @throws AppError "database_failed" if no user can run it
 */
export async function chooseAccount(p: { folder: string; cluster: string; program: string }): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const user = (await findOwner(p.cluster)) ?? (await findUser()) ?? (await createUser());
  await allowPassage(p.folder, user);

  const plain = { ...user, prefix: [] };
  if ((await canReach(p.folder, user)) && (await canRun(plain, p.program))) return plain;

  // The cluster is below a folder that other users may not enter, such as /root. One capability lets PostgreSQL pass
  // through it without a change of permissions. It also lets it read all that root may read: so it is the last choice.
  const capability = "+dac_read_search";
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  // initdb calls access(2), which ignores an ordinary user's capabilities without this bit: capabilities(7).
  const rights = [`--inh-caps=${capability}`, `--ambient-caps=${capability}`, "--securebits=+no_setuid_fixup"];
  const prefix = ["setpriv", ...ids, ...rights, "--"];
  if (await canRun({ ...user, prefix }, p.program)) return { ...user, prefix };

  throw new AppError(
    "database_failed",
    `PostgreSQL does not run as root, and the user "${userName}" may not enter ${p.folder} or run ${p.program}. ` +
      "Start Pro LiveChat as an ordinary user, move both to a folder that other users may enter, or set DATABASE_URL.",
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
  const created = await run(null, "useradd", ["--system", "--user-group", ...places, userName]);
  const user = await findUser(); // also after a failure: another start may have created the user at the same time
  if (user) return user;
  throw new AppError(
    "database_failed",
    `PostgreSQL does not run as root, and the user "${userName}" for it could not be created ` +
      `(${created.output.trim() || "useradd failed"}). Start Pro LiveChat as an ordinary user, or set DATABASE_URL.`,
  );
}

/** Lets the user pass through a data folder that only root may use. The user still cannot list it or read its files. */
async function allowPassage(folder: string, user: User): Promise<void> {
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
