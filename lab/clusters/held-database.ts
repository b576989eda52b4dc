import { join } from "node:path";
import { onTestFinished } from "vitest";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";
import { generate } from "#sample-data/generate.ts";

export type HeldDatabase = { dataDir: string; url: string; pid: number; stop(): Promise<void> };

/** An embedded PostgreSQL with the tables and `messages` generated messages, in a data folder of its own, for one test. */
export async function holdFilledDatabase(messages = 300): Promise<HeldDatabase> {
  const dataDir = join(makeFolder(), "data");
  const migrated = await runCli(["migrate"], { env: { DATA_DIR: dataDir } });
  if (migrated.code !== 0) throw new Error(migrated.stderr);
  const held = await holdDatabase(dataDir);
  await generate(held.url, { messages, websites: 2, months: 2 });
  return held;
}

/** The embedded PostgreSQL of a data folder, until it is stopped or the test ends. */
export async function holdDatabase(dataDir: string): Promise<HeldDatabase> {
  const program = startProgram("lab/clusters/hold-database.ts", [dataDir]);
  const stop = async () => {
    program.process.kill("SIGTERM");
    await program.ended;
  };
  onTestFinished(stop);
  return { dataDir, url: await program.firstLine, pid: program.process.pid!, stop };
}
