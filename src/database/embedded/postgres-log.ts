import { copyFile, type FileHandle, open, stat, truncate } from "node:fs/promises";

const maxBytes = 10 * 1024 * 1024;

/** Keeps one older log. The log is emptied in place, because PostgreSQL has it open for appending. */
export async function rotateLog(path: string): Promise<void> {
  const size = (await stat(path).catch(() => null))?.size ?? 0;
  if (size <= maxBytes) return;
  await copyFile(path, `${path}.1`);
  await truncate(path);
}

/** Reads the log from a position on. */
export async function readLogFrom(file: FileHandle, position: number): Promise<string> {
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.max(0, Math.min(size - position, 64 * 1024)));
  await file.read(buffer, 0, buffer.length, Math.max(position, size - buffer.length));
  return buffer.toString("utf8");
}

/** As readLogFrom(), of a log that nobody has open. It may have been emptied meanwhile: then all of it. */
export async function readLogSince(path: string, position: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    return await readLogFrom(file, size < position ? 0 : position);
  } finally {
    await file.close();
  }
}

/** With a quota the reason has another name. */
export const saysDiskFull = (output: string) => /No space left on device|Disk quota exceeded/.test(output);

export const openLog = (path: string) => open(path, "a+", 0o600);

/** Finds the reason of a failure in PostgreSQL's output: its last error, otherwise its last line. */
export function findReason(output: string): string {
  const lines = output.split("\n").filter(line => line.trim() !== "");
  const error = lines.findLast(line => /FATAL|PANIC|error/.test(line) && !/database system is/.test(line));
  return (error ?? lines.at(-1) ?? "it printed nothing").replace(/^.*?(FATAL|PANIC|ERROR|error):\s*/, "").trim();
}
