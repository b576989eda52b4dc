import { statfs } from "node:fs/promises";

/** Settings that the program depends on. Each start passes them; they override postgresql.conf. */
export const required = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  synchronous_commit: "on",
  wal_level: "logical", // backups need "replica"; moving a website to another cluster will need this
  max_connections: "550", // the max of DATABASE_POOL_SIZE is 500
  // No values of statements, and so no words of people, in its log: not of logged ones, nor of those that failed. The details of
  // an error name the values of a key that is there twice.
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  log_error_verbosity: "terse",
};

/** For one machine with 2 cores and 4 GB. Written to postgresql.conf once, where an operator may change them. */
const tuning = {
  shared_buffers: "512MB",
  effective_cache_size: "2GB",
  work_mem: "8MB",
  maintenance_work_mem: "128MB",
  random_page_cost: "1.1",
  wal_compression: "on",
  checkpoint_timeout: "15min",
  max_parallel_workers_per_gather: "1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] ",
};

export const initdbArgs = [
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  // The builtin locale does not reach everything: with the ctype C, pg_trgm finds no letter beside a to z. Each Linux that
  // Node 24 runs on has this one; other systems name it differently.
  ...(process.platform === "linux" ? ["--lc-ctype=C.UTF-8"] : []),
  "--data-checksums",
  ...Object.entries(tuning).map(([name, value]) => `--set=${name}=${value}`),
];

const megabyte = 1024 * 1024;
const maxKeptMb = 10 * 1024;
const minKeptMb = 64; // four segments

/**
 * How much WAL a replication slot may keep for an archive that is away: 10 GB, or a quarter of the disk's free space. Then
 * PostgreSQL gives the slot up. Without this limit it would fill the disk, and the chat would stop.
 */
export async function limitSlots(folder: string): Promise<Record<string, string>> {
  const { bavail, bsize } = await statfs(folder);
  const quarterMb = Math.floor((bavail * bsize) / 4 / megabyte);
  return { max_slot_wal_keep_size: `${Math.max(minKeptMb, Math.min(maxKeptMb, quarterMb))}MB` };
}
