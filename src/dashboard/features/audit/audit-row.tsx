import { Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { clockTime, exactTime } from "#dashboard/text/time.ts";
import type { AuditEntry } from "#protocol/audit.ts";
import classes from "./audit-row.module.css";
import { tellEntry } from "./audit-words.ts";

export const AuditRow = ({ entry }: { entry: AuditEntry }) => (
  <li className={classes.root}>
    <Tooltip label={exactTime(entry.at)} openDelay={400}>
      <time dateTime={entry.at} className={classes.when}>
        {clockTime(entry.at)}
      </time>
    </Tooltip>
    <span className={classes.what}>
      {entry.action === "account.sign_in_failed" && (
        <IconAlertTriangle size={16} className={classes.failed} aria-label="Failed:" />
      )}
      {tellEntry(entry)}
    </span>
    {entry.ip && <span className={classes.where}>{entry.ip}</span>}
  </li>
);
