import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "#lab/eventually.ts";
import { pgbouncer } from "#lab/install.ts";
import { openPool } from "#lab/sql/pool.ts";
import { findFreePort } from "#server/http/listener.ts";

export type PgBouncer = {
  /** the URL of a database, through PgBouncer */
  urlOf(databaseUrl: string): string;
  stop(): Promise<void>;
};

/**
 * A real PgBouncer before a cluster. Debian 12 has 1.18, which knows nothing of statements prepared under a name.
 * @param settings  of pgbouncer.ini, such as pool_mode
 */
export async function startPgBouncer(clusterUrl: string, settings: Record<string, string> = {}): Promise<PgBouncer> {
  const { hostname, port: clusterPort, username, password } = new URL(clusterUrl);
  const port = await findFreePort({ host: "127.0.0.1" });
  const folder = mkdtempSync(join(tmpdir(), "prochat-pgbouncer-"));
  chmodSync(folder, 0o755);
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: String(port),
    unix_socket_dir: "",
    auth_type: "any", // everybody, as the user of the line "*"
    pool_mode: "transaction",
    default_pool_size: "5",
    max_client_conn: "200",
    ...settings,
  };
  const file = join(folder, "pgbouncer.ini");
  writeFileSync(
    file,
    `[databases]\n* = host=${hostname} port=${clusterPort} user=${username} password=${password}\n[pgbouncer]\n` +
      Object.entries(all)
        .map(([name, value]) => `${name} = ${value}\n`)
        .join(""),
  );
  // It does not run as root.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const program = spawn(pgbouncer.path, [file], { stdio: "ignore", ...nobody });
  const ended = once(program, "exit");
  const urlOf = (databaseUrl: string) => Object.assign(new URL(databaseUrl), { port: String(port) }).href;
  const pool = openPool({ connectionString: urlOf(clusterUrl), max: 1 });
  await eventually(() => pool.query("select 1"));
  await pool.end();
  return {
    urlOf,
    async stop() {
      program.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
