import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { readPostmasterFile } from "./leftover.ts";

const intervalMs = 2_000;
/** So many looks in a row must find neither process: between a crash and its recovery there is a moment without both. */
const maxLost = 5;

/**
 * Resolves to true if PostgreSQL waits for a recovery that nothing carries out. PostgreSQL 18 does that if its startup
 * process fails in the moment in which the recovery begins, mostly because the disk is full: no child is left that could
 * end the recovery, and each connection is refused for ever with "not yet accepting connections".
 * @param dir     the cluster's folder
 * @param signal  ends the watch, which then resolves to false
 */
export async function findsLostRecovery(dir: string, signal: AbortSignal): Promise<boolean> {
  for (let lost = 0; lost < maxLost; ) {
    await sleep(intervalMs, undefined, { signal, ref: false }).catch(() => {}); // aborted: the next line returns
    if (signal.aborted) return false;
    lost = (await isLost(dir)) ? lost + 1 : 0;
  }
  return true;
}

/** While it recovers, PostgreSQL has a startup process; while it accepts statements, a writer of the WAL. */
async function isLost(dir: string): Promise<boolean> {
  const postmaster = await readPostmasterFile(dir);
  if (!postmaster) return false;
  const titles = await listChildTitles(postmaster.pid);
  return titles !== null && !titles.some(title => /\b(startup|walwriter)\b/.test(title));
}

/** The titles of a process's children; null on systems that do not list them. */
async function listChildTitles(pid: number): Promise<string[] | null> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => null);
  if (children === null) return null;
  const pids = children.split(" ").filter(Boolean);
  return Promise.all(pids.map(child => readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "")));
}
