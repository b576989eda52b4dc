import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconDownload } from "@tabler/icons-react";
import { momentOf } from "#dashboard/text/time.ts";
import type { BackupEntry, BackupOverview } from "#protocol/backups.ts";
import classes from "./backup-list.module.css";
import { fileAddress } from "./backups.ts";
import { stateOf } from "./reach.tsx";
import { sizeOf } from "./words.ts";

export function BackupList({ overview: { backups, damaged } }: { overview: BackupOverview }) {
  if (backups.length + damaged.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Backups">
      {damaged.map(({ id, reason }) => (
        <li key={id} className={classes.row}>
          <IconAlertTriangle className={classes.failed} size={20} stroke={1.5} aria-hidden />
          <div className={classes.what}>
            <div className={classes.name}>{id}</div>
            <div className={classes.facts}>{reason}</div>
          </div>
        </li>
      ))}
      {backups.map(backup => (
        <Row key={backup.id} backup={backup} />
      ))}
    </ul>
  );
}

const icons = { verified: IconCircleCheck, failed: IconAlertTriangle, unknown: IconCircleDashed };

function Row({ backup }: { backup: BackupEntry }) {
  const state = stateOf(backup);
  const Icon = icons[state];
  return (
    <li className={classes.row}>
      <Icon className={classes[state]} size={20} stroke={1.5} aria-hidden />
      <div className={classes.what}>
        <div className={classes.name}>{momentOf(Date.parse(backup.finishedAt))}</div>
        <div className={classes.facts}>{describe(backup)}</div>
        <div className={classes.facts}>{backup.id}</div>
      </div>
      <Text className={classes.size}>{sizeOf(backup.sizeBytes)}</Text>
      <Tooltip label="Download as one tar">
        <ActionIcon
          component="a"
          href={fileAddress(backup.id)}
          download
          variant="subtle"
          color="gray"
          aria-label={`Download the backup of ${momentOf(Date.parse(backup.finishedAt))}`}
        >
          <IconDownload size={20} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}

function describe({ kind, readBack, drill, isEncrypted, keepUntil, missing, walProblem }: BackupEntry): string {
  const facts = [
    checkOf("restored in a drill", drill) ?? checkOf("read back", readBack) ?? "not read back yet",
    kind === "logical" && "by pg_dump",
    isEncrypted && "encrypted",
    keepUntil && `kept until ${momentOf(Date.parse(keepUntil))}`,
    missing && `what came later cannot be added: the WAL segment ${missing} is missing`,
    walProblem && `what came later is damaged: ${walProblem}`,
  ];
  const text = facts.filter(Boolean).join(" · ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function checkOf(verb: string, check: BackupEntry["readBack"]): string | null {
  if (!check) return null;
  if (check.outcome === "verified") return `${verb}, and right`;
  return `${verb}: ${check.outcome === "failed" ? "failed" : "no result"}, ${check.reason}`;
}
