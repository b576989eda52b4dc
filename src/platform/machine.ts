import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";

export type Memory = { totalBytes: number; freeBytes: number };

/**
 * The memory of this machine, or of the container that limits it.
 * @returns null if the system does not say how much could be used
 */
export async function readMemory(): Promise<Memory | null> {
  try {
    const text = await readFile("/proc/meminfo", "utf8");
    const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text)![1]) * 1024;
    const limit = await readLimit();
    if (limit === null) return { totalBytes: totalmem(), freeBytes: available };
    return { totalBytes: limit.maxBytes, freeBytes: Math.min(available, limit.maxBytes - limit.usedBytes) };
  } catch {
    return null;
  }
}

/** Of the container's memory; null: it has no limit below the machine's. */
async function readLimit(): Promise<{ maxBytes: number; usedBytes: number } | null> {
  const maxBytes = process.constrainedMemory();
  if (!maxBytes || maxBytes >= totalmem()) return null;
  try {
    const read = async (name: string) => await readFile(`/sys/fs/cgroup/${name}`, "utf8");
    // Pages of files that were not used lately are given back when memory is needed.
    const inactive = /^inactive_file (\d+)$/m.exec(await read("memory.stat"))?.[1] ?? 0;
    return { maxBytes, usedBytes: Number(await read("memory.current")) - Number(inactive) };
  } catch {
    return null;
  }
}
