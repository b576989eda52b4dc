import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { connectDirectly } from "#database/direct-connection.ts";
import { silent } from "#lab/programs/log.ts";
import { startEmbedded } from "./start.ts";

const password = "of-the-test";

test("a data folder loads the libraries at its next start, beside its own; auto_explain would show people's words", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "prochat-watch-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const start = () => startEmbedded({ dataDir, password, log: silent });
  await (await start()).stop();
  appendFileSync(join(dataDir, "postgres/postgresql.conf"), "\nshared_preload_libraries = 'pg_prewarm'\n");
  const postmaster = await start();
  onTestFinished(() => postmaster.stop());

  const { port } = new URL(postmaster.url);
  const toStatements = new URL(postmaster.url);
  toStatements.pathname = "/postgres";
  const server = await connectDirectly(toStatements.href);
  onTestFinished(() => server.end());
  const { rows } = await server.query("select name, setting from pg_settings where name = any($1) order by name", [
    ["shared_preload_libraries", "pg_stat_statements.track_utility", "log_parameter_max_length", "log_error_verbosity"],
  ]);
  expect(rows.map(({ setting }) => setting)).toEqual([
    "terse",
    "0",
    "off",
    "pg_prewarm,pg_stat_statements,auto_explain",
  ]);
  await server.query("select count(*) from pg_class where relname = $1", ["of the server"]);
  const listed = await server.query(
    "select query from pg_stat_statements where query like 'select count(*) from pg_class%'",
  );
  expect(listed.rows).toEqual([{ query: "select count(*) from pg_class where relname = $1" }]);

  const readLog = () => readFileSync(join(dataDir, "postgres.log"), "utf8");
  const superuser = new pg.Client(`postgres://prochat:${password}@127.0.0.1:${port}/prochat`);
  await superuser.connect();
  onTestFinished(() => superuser.end());
  const search = (word: string) => superuser.query("select count(*) from pg_class where relname = $1", [word]);
  await search("word one");
  expect(readLog()).not.toContain("word one");
  // Why it is silent: with values and details switched off, the conditions of the plan still have them.
  await superuser.query("set auto_explain.log_min_duration = 0");
  await search("word two");
  expect(readLog()).toContain("word two");
  expect(readLog()).not.toContain("Query Parameters");
});
