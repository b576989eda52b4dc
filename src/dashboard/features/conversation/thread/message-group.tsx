import { IconLock } from "@tabler/icons-react";
import { memo } from "react";
import { findLinks } from "#dashboard/text/links.ts";
import { clockTime, exactTime } from "#dashboard/text/time.ts";
import { DeliveryFailure, DeliveryTick } from "./delivery.tsx";
import classes from "./message-group.module.css";
import type { Group } from "./thread-items.ts";

export const MessageGroup = memo(({ group }: { group: Group }) => {
  const last = group.lines.at(-1)!;
  return (
    <article
      className={classes.group}
      data-side={group.side}
      data-note={group.note || undefined}
      data-failed={last.error ? "" : undefined}
      aria-label={`${group.note ? "Note of " : ""}${group.authorName ?? "Visitor"}, ${clockTime(last.createdAt)}`}
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
          {group.note && (
            <span className={classes.noteMark}>
              <IconLock size={12} stroke={2} /> Note, only for agents
            </span>
          )}
          {group.side === "agent" && group.authorName && <span>{group.authorName}</span>}
          <time dateTime={last.createdAt} title={exactTime(last.createdAt)}>
            {clockTime(last.createdAt)}
          </time>
          {group.side === "agent" && <DeliveryTick line={last} note={group.note} />}
        </footer>
      )}
    </article>
  );
});

/** Text is only ever text; of what it holds, web addresses can be followed. */
const MessageText = memo(({ body }: { body: string }) =>
  findLinks(body).map(({ text, href }, index) =>
    href ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
      <a key={index} href={href} target="_blank" rel="noopener noreferrer" className={classes.link}>
        {text}
      </a>
    ) : (
      text
    ),
  ),
);
