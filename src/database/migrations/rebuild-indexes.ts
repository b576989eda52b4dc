import type { Log } from "#platform/log.ts";
import { dropIndex } from "./index/build-index.ts";
import { findIndex, nameOf } from "./session/catalog.ts";
import { enterHome, findHome } from "./session/home.ts";
import { type Session, withSession } from "./session/session.ts";
import { listMigrations, readMigration } from "./sql/files.ts";
import type { Statement } from "./sql/statements.ts";
import { runSteps } from "./steps.ts";

/**
 * Builds the indexes of the migrations that are missing or not valid, while their tables are read and written. Those that
 * belong to a constraint are left out: they cannot be built without a lock.
 * @returns their names
 * @throws as withSession(), and the database's error
 */
export async function rebuildIndexes(
  url: string,
  { log, signal = new AbortController().signal }: { log: Log; signal?: AbortSignal },
): Promise<string[]> {
  const wanted = await listIndexStatements();
  const built = await withSession(url, { log, signal }, session => rebuild(session, wanted));
  return built ?? [];
}

async function rebuild(session: Session, wanted: Map<string, Statement>): Promise<string[]> {
  const home = await findHome(session.client);
  await enterHome(session.client, home);
  const built: string[] = [];
  for (const [relname, statement] of wanted) {
    const name = { schemaname: home.schema, relname };
    const found = await findIndex(session.client, name);
    if (found?.isValid) continue;
    if (found?.isPartitioned) await dropIndex(session, name);
    await runSteps(session, "rebuild", [statement]);
    built.push(relname);
  }
  return built;
}

/** The statements by the names of their indexes: those that later migrations drop are left out. */
async function listIndexStatements(): Promise<Map<string, Statement>> {
  const statements = new Map<string, Statement>();
  for (const migration of await listMigrations()) {
    for (const statement of (await readMigration(migration)).up) {
      const { tree } = statement;
      if ("IndexStmt" in tree && tree.IndexStmt.idxname) statements.set(tree.IndexStmt.idxname, statement);
      if ("DropStmt" in tree)
        for (const dropped of tree.DropStmt.objects ?? []) statements.delete(nameOf(dropped).relname ?? "");
    }
  }
  return statements;
}
