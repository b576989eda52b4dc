import { Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { clockTime, exactTime } from "#dashboard/text/time.ts";
import type { AuditEntry } from "#protocol/audit.ts";
import { listChanges } from "./audit-changes.ts";
import classes from "./audit-row.module.css";
import { describeEntry } from "./audit-words.ts";

/** Time, action and address of an entry; below it the changed fields, and a link to the conversation. */
export const AuditRow = ({ entry }: { entry: AuditEntry }) => (
  <li className={classes.root}>
    <Tooltip label={exactTime(entry.at)} openDelay={400}>
      <time dateTime={entry.at} className={classes.when}>
        {clockTime(entry.at)}
      </time>
    </Tooltip>
    <div className={classes.what}>
      {entry.action === "account.sign_in_failed" && (
        <IconAlertTriangle size={16} className={classes.failed} aria-label="Failed:" />
      )}
      {describeEntry(entry)}
      {entry.target?.kind === "conversation" && <ConversationLink id={entry.target.id} />}
      <Changes details={entry.details} />
    </div>
    {entry.ip && <span className={classes.where}>{entry.ip}</span>}
  </li>
);

function ConversationLink({ id }: { id: string }) {
  const { websiteId } = useParams({ from: "/signed-in/w/$websiteId" });
  return (
    <>
      {" "}
      <Link
        to="/w/$websiteId/inbox/$view/$conversationId"
        params={{ websiteId, view: "all", conversationId: id }}
        className={classes.link}
      >
        Open the conversation
      </Link>
    </>
  );
}

function Changes({ details }: { details: AuditEntry["details"] }) {
  const changes = listChanges(details);
  if (!changes.length) return null;
  return (
    <details className={classes.changes}>
      <summary>What was changed</summary>
      <dl>
        {changes.map(({ name, from, to }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {from} → {to}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
