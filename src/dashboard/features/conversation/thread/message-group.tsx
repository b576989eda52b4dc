import { IconLock } from "@tabler/icons-react";
import { memo } from "react";
import type { Group } from "#client/text/grouping.ts";
import { clockTime, exactTime } from "#dashboard/text/time.ts";
import { DeliveryFailure, DeliveryTick } from "./delivery.tsx";
import { EditedMark, GroupedMessage } from "./grouped-message.tsx";
import classes from "./message-group.module.css";

export const MessageGroup = memo(({ group }: { group: Group }) => {
  const last = group.messages.at(-1)!;
  return (
    <article
      className={classes.group}
      data-side={group.author === "visitor" ? "visitor" : "agent"}
      data-note={group.isNote || undefined}
      data-failed={last.error ? "" : undefined}
      aria-label={`${group.isNote ? "Note of " : ""}${group.authorName ?? "Visitor"}, ${clockTime(last.createdAt)}`}
    >
      {group.messages.map(message => (
        <GroupedMessage key={message.id} group={group} message={message} isLast={message === last} />
      ))}
      {last.error ? <DeliveryFailure id={last.id} error={last.error} /> : <Footer group={group} />}
    </article>
  );
});

function Footer({ group }: { group: Group }) {
  const last = group.messages.at(-1)!;
  const isOurs = group.author !== "visitor";
  return (
    <footer className={classes.footer}>
      {group.isNote && !last.deletedAt && (
        <span className={classes.noteMark}>
          <IconLock size={12} stroke={2} /> Note, only for agents
        </span>
      )}
      {isOurs && group.authorName && <span>{group.authorName}</span>}
      <time dateTime={last.createdAt} title={exactTime(last.createdAt)}>
        {clockTime(last.createdAt)}
      </time>
      <EditedMark message={last} />
      {isOurs && !last.deletedAt && <DeliveryTick message={last} isNote={group.isNote} />}
    </footer>
  );
}
