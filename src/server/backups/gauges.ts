import type { Registry } from "prom-client";
import type { Archiving } from "#database/backup/wal/archiving.ts";
import { gauges } from "#platform/metrics/gauges.ts";

/** What backups say of themselves, in the metrics of the first process. */
export function registerBackupGauges(registry: Registry, archiving: Archiving): void {
  const optional = (value: number | null): [object, number][] => (value === null ? [] : [[{}, value]]);
  gauges(
    registry,
    {
      name: "prochat_backup_recovery_point_age_seconds",
      help: "Age of the newest heartbeat that was read back from the copy; absent until one is known",
    },
    () => optional(archiving.status().recoveryPointAgeMs).map(([labels, ms]) => [labels, ms / 1000]),
  );
  gauges(
    registry,
    { name: "prochat_backup_archiving", help: "1 while the WAL is archived by this server, else 0" },
    () => {
      const { state, problem } = archiving.status();
      return [[{}, state === "receiving" && problem === null ? 1 : 0]];
    },
  );
  gauges(
    registry,
    { name: "prochat_backup_wal_kept_bytes", help: "WAL that PostgreSQL keeps until it is archived" },
    () => [[{}, archiving.status().keptBytes]],
  );
  gauges(
    registry,
    {
      name: "prochat_backup_wal_max_kept_bytes",
      help: "WAL at which PostgreSQL gives the replication slot up; absent without a limit",
    },
    () => optional(archiving.status().maxKeptBytes),
  );
}
