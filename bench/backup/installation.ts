import { runCli, startProgram } from "#lab/programs/programs.ts";

/** @returns what a command printed with --json @throws what it printed as an error */
export async function runJson(args: string[], dataDir: string) {
  const { code, stdout, stderr } = await runCli([...args, "--json"], { env: { DATA_DIR: dataDir } });
  if (code !== 0) throw new Error(`prochat ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}

/** While the embedded PostgreSQL of a data folder runs. @param work  with its address */
export async function whileHeld<T>(dataDir: string, work: (url: string) => Promise<T>): Promise<T> {
  const held = startProgram("lab/clusters/hold-database.ts", [dataDir]);
  try {
    return await work(await held.firstLine);
  } finally {
    held.process.kill("SIGTERM");
    await held.ended;
  }
}
