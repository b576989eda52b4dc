import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { connectDirectly } from "#database/direct-connection.ts";
import type { Binaries } from "./binaries.ts";
import { type Account, run } from "./own-process.ts";

/** The lists and plans of statements that PostgreSQL can keep. */
const libraries = ["pg_stat_statements", "auto_explain"];

/**
 * Without values and without people's words. auto_explain is loaded and silent: the plan of a statement that was planned for its
 * values shows them in its conditions, whatever log_parameter_max_length says (docs/decisions/0050-slow-queries.md).
 */
const settingsOf: Record<string, Record<string, string>> = {
  pg_stat_statements: { "pg_stat_statements.track_utility": "off" },
  auto_explain: { "auto_explain.log_parameter_max_length": "0", "auto_explain.log_min_duration": "-1" },
};

/**
 * The settings that a start passes for watching statements. What postgresql.conf loads is loaded too.
 * @returns none if the programs came without the libraries
 */
export async function watchStatements(p: {
  binaries: Binaries;
  account: Account | null;
  dir: string;
}): Promise<Record<string, string>> {
  const ours = await findLibraries(p.binaries);
  if (ours.length === 0) return {};
  const { code, output } = await run(p.account, p.binaries.postgres, ["-D", p.dir, "-C", "shared_preload_libraries"]);
  const theirs = code === 0 ? output.split(",").map(name => name.trim().replace(/^"|"$/g, "")) : [];
  const loaded = [...new Set([...theirs.filter(Boolean), ...ours])];
  return Object.assign({ shared_preload_libraries: loaded.join(",") }, ...ours.map(name => settingsOf[name]));
}

/** Where they are differs between systems. */
async function findLibraries({ postgres }: Binaries): Promise<string[]> {
  const root = join(dirname(postgres), "..");
  const files = (name: string) =>
    [join(root, "lib", "postgresql"), join(root, "lib")].flatMap(folder =>
      [".so", ".dylib", ".dll"].map(ending => join(folder, name + ending)),
    );
  const isThere = async (name: string) =>
    (await Promise.allSettled(files(name).map(file => access(file)))).some(({ status }) => status === "fulfilled");
  const found = await Promise.all(libraries.map(isThere));
  return libraries.filter((_, i) => found[i]);
}

/**
 * Makes the list of statements readable. It is in the database `postgres`: the chat's own holds nothing of extensions, so that
 * a dump of it can be restored anywhere.
 * @param superuserUrl  to the database of the chat
 */
export async function showStatements(superuserUrl: string): Promise<void> {
  const url = new URL(superuserUrl);
  url.pathname = "/postgres";
  const client = await connectDirectly(url.href);
  try {
    await client.query("create extension if not exists pg_stat_statements");
    await client.query("alter extension pg_stat_statements update");
  } finally {
    await client.end();
  }
}
