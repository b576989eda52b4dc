import { Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconClock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { duration, exactTime } from "#dashboard/text/time.ts";
import { isWaitingTooLong, shortCount, visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { OnlineDot, Person } from "#dashboard/ui/person.tsx";
import { RestrictedMark } from "#dashboard/ui/restricted-mark.tsx";
import { useNow } from "#dashboard/ui/use-now.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { InboxView } from "#protocol/inbox.ts";
import classes from "./inbox-row.module.css";

type Props = { row: Conversation; view: InboxView; chosen: boolean; longest: boolean; tags: ReactNode };

export function InboxRow({ row, view, chosen, longest, tags }: Props) {
  return (
    <Link
      to="/w/$websiteId/inbox/$view/$conversationId"
      params={{ websiteId: row.websiteId, view, conversationId: row.id }}
      search
      className={classes.root}
      data-chosen={chosen || undefined}
      data-unread={row.unread > 0 || undefined}
    >
      <span className={classes.line}>
        <span className={classes.presence}>{row.visitor.online && <OnlineDot />}</span>
        <span className={classes.name}>{visitorName(row.visitor)}</span>
        {row.isRestricted && <RestrictedMark />}
        {row.assignee && <Person name={row.assignee.name} size={24} hint={`Assigned to ${row.assignee.name}`} />}
        <Ago moment={row.lastMessageAt} short className={classes.when} />
      </span>
      <span className={classes.line}>
        <span className={classes.presence} />
        <span className={classes.preview}>
          {row.previewAuthor === "agent" && (
            <IconArrowBackUp size={16} stroke={1.5} className={classes.answered} aria-label="Answered:" />
          )}
          {row.preview}
        </span>
        <Waiting row={row} longest={longest} />
        {row.unread > 0 && (
          <span className={classes.unread} role="img" aria-label={`${row.unread} unread`}>
            {shortCount(row.unread)}
          </span>
        )}
      </span>
      {tags && (
        <span className={classes.tags}>
          <span className={classes.presence} />
          {tags}
        </span>
      )}
    </Link>
  );
}

function Waiting({ row, longest }: { row: Conversation; longest: boolean }) {
  const now = useNow();
  if (row.status !== "open" || !isWaitingTooLong(row, now)) return null;
  const since = row.waitingSince!;
  const waited = duration(now - Date.parse(since));
  return (
    <Tooltip label={`Waiting for an answer since ${exactTime(since)}`} openDelay={400}>
      <span className={classes.waiting} data-longest={longest || undefined} role="img" aria-label={`waiting ${waited}`}>
        <IconClock size={12} stroke={2} />
        {waited}
      </span>
    </Tooltip>
  );
}
