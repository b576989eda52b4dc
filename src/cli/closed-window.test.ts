import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { childrenOf, familyOf, isRunning } from "#lab/programs/processes.ts";
import { findFreePort } from "#server/http/listener.ts";

/** The server in a terminal, as a person starts it. @param command  before `node` */
async function startInTerminal(command: string) {
  const database = await cloneDatabase();
  const port = await findFreePort({ host: "127.0.0.1" });
  const env = {
    PATH: process.env.PATH,
    HOME: makeFolder(),
    PORT: String(port),
    DEMO_PORT: "off",
    DATA_DIR: makeFolder(),
    DATABASE_URL: database.url,
  };
  // script(1) opens a terminal and is its window.
  const line = `${command} ${process.execPath} ${join(import.meta.dirname, "main.ts")} start`;
  const args = ["--quiet", "--command", line, "/dev/null"];
  const window = spawn("script", args, { env, cwd: env.HOME, stdio: "ignore" }); // nohup writes nohup.out there
  let started: number[] = [];
  onTestFinished(async () => {
    for (const pid of started) if (isRunning(pid)) process.kill(pid, "SIGKILL");
    await database.drop();
  });
  const ready = async () => (await fetch(`http://127.0.0.1:${port}/ready`)).status;
  await eventually(async () => expect(await ready()).toBe(200));
  started = childrenOf(window.pid!).flatMap(familyOf);
  const server = started.at(-1)!;
  return { window, server, ready, databaseUrl: database.url };
}

test.each([["exec"], ["exec nohup"]])(
  "a server that was started with %s goes on when its window is closed, and SIGTERM ends it",
  async command => {
    const { window, server, ready, databaseUrl } = await startInTerminal(command);
    window.kill("SIGKILL");
    await once(window, "close");
    const client = new pg.Client(databaseUrl);
    await client.connect();
    for (let nth = 1; nth <= 5; nth++) {
      // Each broken connection writes a warning to the terminal that has gone.
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'prochat'",
      );
      await eventually(async () => expect(await ready()).toBe(200));
    }
    await client.end();
    expect(isRunning(server)).toBe(true);

    process.kill(server, "SIGTERM");
    await eventually(() => expect(isRunning(server)).toBe(false));
    await expect(ready()).rejects.toThrow();
  },
);
