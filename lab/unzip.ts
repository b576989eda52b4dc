import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The files of a zip by their names, as another program reads it. It fails if the zip is damaged. */
export async function unzip(zip: Buffer): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "prochat-unzip-"));
  try {
    const path = join(folder, "archive.zip");
    await writeFile(path, zip);
    await run("python3", ["-m", "zipfile", "-t", path]);
    await run("python3", ["-m", "zipfile", "-e", path, join(folder, "files")]);
    const names = await readdir(join(folder, "files"));
    const texts = await Promise.all(names.map(name => readFile(join(folder, "files", name), "utf8")));
    return Object.fromEntries(names.map((name, i) => [name, texts[i]!]));
  } finally {
    await rm(folder, { recursive: true });
  }
}
