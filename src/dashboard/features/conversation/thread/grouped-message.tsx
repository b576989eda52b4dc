import { memo } from "react";
import type { Group, Line } from "#client/text/grouping.ts";
import { splitLinks } from "#client/text/links.ts";
import { useMe } from "#dashboard/data/me.ts";
import { exactTime } from "#dashboard/text/time.ts";
import { MessageEditor } from "./message-editor.tsx";
import classes from "./message-group.module.css";
import { MessageMenu } from "./message-menu.tsx";
import { useThreadEditing } from "./use-editing.ts";

type Props = { group: Group; line: Line; isLast: boolean };

/** One message of a group. */
export function MessageLine({ group, line, isLast }: Props) {
  const editing = useThreadEditing();
  const isMine = group.authorId === useMe().user.id && group.author === "agent";
  if (line.deletedAt) {
    return (
      <p className={classes.deleted} title={exactTime(line.deletedAt)}>
        {group.isNote ? "Note deleted" : "Message deleted"}
      </p>
    );
  }
  if (editing.id === line.id) return <MessageEditor line={line} isNote={group.isNote} />;
  return (
    <>
      <div className={classes.line}>
        {isMine && line.seq && <MessageMenu line={line} isNote={group.isNote} />}
        <div className={classes.bubble}>
          <MessageText body={line.body} />
        </div>
      </div>
      {!isLast && line.editedAt && (
        <div className={classes.footer}>
          <EditedMark line={line} />
        </div>
      )}
    </>
  );
}

export const EditedMark = ({ line }: { line: Line }) =>
  line.editedAt &&
  !line.deletedAt && (
    <time dateTime={line.editedAt} title={exactTime(line.editedAt)}>
      edited
    </time>
  );

/** A text is shown as text only; web addresses in it are links. */
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
