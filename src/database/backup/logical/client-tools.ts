import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "#database/embedded/own-process.ts";
import { AppError } from "#protocol/errors.ts";

export type ClientTool = {
  path: string;
  /** 15.20 */
  version: string;
  major: number;
};

type Name = "pg_dump" | "pg_restore";

/** Where packages put the tools of each major version: Debian, Red Hat, Homebrew on two processors, Windows. */
const homes = [
  "/usr/lib/postgresql",
  "/usr",
  "/opt/homebrew/opt",
  "/usr/local/opt",
  "C:\\Program Files\\PostgreSQL",
] as const;
const folderOfMajor = /^(postgresql@|pgsql-)?\d+$/;

const ending = process.platform === "win32" ? ".exe" : "";

/**
 * Finds PostgreSQL's own tool: of the versions that are new enough, the oldest.
 * @param minMajor  pg_dump must be as new as the server, and pg_restore as the pg_dump that wrote the dump
 * @throws AppError "backup_failed" with what was found and what to install
 */
export async function findClientTool(name: Name, minMajor: number): Promise<ClientTool> {
  const found = (await Promise.all((await listPaths(name)).map(readVersion))).filter(tool => tool !== null);
  const [chosen] = found.filter(({ major }) => major >= minMajor).sort((a, b) => a.major - b.major);
  if (chosen) return chosen;
  const versions = [...new Set(found.map(({ version }) => version))].join(" and ");
  throw new AppError(
    "backup_failed",
    `${name} ${minMajor} or newer is needed, and ${versions ? `only ${versions} is` : "none is"} installed. ` +
      `Install PostgreSQL's client tools, on Debian: apt-get install postgresql-client-${minMajor}`,
  );
}

/** The last one is found by the system's own search path. */
async function listPaths(name: Name): Promise<string[]> {
  const folders = await Promise.all(
    homes.map(async home => {
      const names = await readdir(home).catch(() => []);
      return names.filter(each => folderOfMajor.test(each)).map(each => join(home, each, "bin"));
    }),
  );
  return [...folders.flat().map(folder => join(folder, `${name}${ending}`)), `${name}${ending}`];
}

async function readVersion(path: string): Promise<ClientTool | null> {
  const { code, output } = await run(null, path, ["--version"]);
  const [, version] = /\(PostgreSQL\) (\d+\S*)/.exec(output) ?? [];
  return code === 0 && version ? { path, version, major: Number.parseInt(version, 10) } : null;
}
