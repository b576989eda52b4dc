import { IconLock } from "@tabler/icons-react";
import { memo } from "react";
import type { Group } from "#client/text/grouping.ts";
import { splitLinks } from "#client/text/links.ts";
import { clockTime, exactTime } from "#dashboard/text/time.ts";
import { DeliveryFailure, DeliveryTick } from "./delivery.tsx";
import classes from "./message-group.module.css";

export const MessageGroup = memo(({ group }: { group: Group }) => {
  const last = group.lines.at(-1)!;
  const isOurs = group.author !== "visitor";
  return (
    <article
      className={classes.group}
      data-side={isOurs ? "agent" : "visitor"}
      data-note={group.isNote || undefined}
      data-failed={last.error ? "" : undefined}
      aria-label={`${group.isNote ? "Note of " : ""}${group.authorName ?? "Visitor"}, ${clockTime(last.createdAt)}`}
    >
      {group.lines.map(line => (
        <div key={line.id} className={classes.bubble}>
          <MessageText body={line.body} />
        </div>
      ))}
      {last.error ? (
        <DeliveryFailure id={last.id} error={last.error} />
      ) : (
        <footer className={classes.footer}>
          {group.isNote && (
            <span className={classes.noteMark}>
              <IconLock size={12} stroke={2} /> Note, only for agents
            </span>
          )}
          {isOurs && group.authorName && <span>{group.authorName}</span>}
          <time dateTime={last.createdAt} title={exactTime(last.createdAt)}>
            {clockTime(last.createdAt)}
          </time>
          {isOurs && <DeliveryTick line={last} note={group.isNote} />}
        </footer>
      )}
    </article>
  );
});

/** A text is only ever shown as text, in which web addresses can be followed. */
const MessageText = memo(({ body }: { body: string }) =>
  splitLinks(body).map((part, index) =>
    typeof part === "string" ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
      <a key={index} href={part.href} target="_blank" rel="noopener noreferrer" className={classes.link}>
        {part.text}
      </a>
    ),
  ),
);
