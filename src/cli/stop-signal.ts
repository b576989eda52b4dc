/**
 * Aborted by the first SIGINT or SIGTERM. The second ends the process and its PostgreSQL at once. SIGHUP does not: a
 * closed window ends neither the server nor a long migration. Node forgets that `nohup` ignores it, so it is ignored here.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  process.on("SIGHUP", () => {});
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort();
    });
  }
  return controller.signal;
}
