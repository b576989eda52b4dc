import { Anchor } from "@mantine/core";
import { memo, useEffect } from "react";
import type { Group, ShownMessage } from "#client/text/grouping.ts";
import { splitLinks } from "#client/text/links.ts";
import { isAdmin, useMe, useWebsite } from "#dashboard/data/me.ts";
import { exactTime } from "#dashboard/text/time.ts";
import { limits } from "#protocol/limits.ts";
import { MessageEditor } from "./message-editor.tsx";
import classes from "./message-group.module.css";
import { MessageMenu } from "./message-menu.tsx";
import { useThreadEditing } from "./use-editing.ts";
import { useIsTarget } from "./use-target.ts";

type Props = { group: Group; message: ShownMessage; isLast: boolean };

/** One message of a group. */
export function GroupedMessage({ group, message, isLast }: Props) {
  const editing = useThreadEditing();
  const isEdited = editing.id === message.id;
  const isTarget = useIsTarget(message.id);
  const isMine = group.authorId === useMe().user.id && group.author === "agent";
  // Deleted in another tab: the text in the editor is dropped.
  useEffect(() => {
    if (isEdited && message.deletedAt) editing.end();
  });
  if (message.deletedAt) {
    return (
      <p
        className={classes.deleted}
        data-message={message.id}
        data-target={isTarget || undefined}
        tabIndex={isTarget ? -1 : undefined}
        title={exactTime(message.deletedAt)}
      >
        {group.isNote ? "Note deleted" : "Message deleted"}
        <Undo message={message} deletedAt={message.deletedAt} isMine={isMine} />
      </p>
    );
  }
  if (isEdited) return <MessageEditor message={message} isNote={group.isNote} />;
  return (
    <>
      <div className={classes.line}>
        {isMine && message.seq && <MessageMenu message={message} isNote={group.isNote} />}
        <div
          className={classes.bubble}
          data-message={message.id}
          data-target={isTarget || undefined}
          aria-current={isTarget || undefined}
          tabIndex={isTarget ? -1 : undefined}
        >
          <MessageText body={message.body} />
        </div>
      </div>
      {!isLast && message.editedAt && (
        <div className={classes.footer}>
          <EditedMark message={message} />
        </div>
      )}
    </>
  );
}

/** For who deleted the message, and for admins, as long as its text is stored. */
function Undo({ message, deletedAt, isMine }: { message: ShownMessage; deletedAt: string; isMine: boolean }) {
  const website = useWebsite();
  const { restore } = useThreadEditing();
  const isGone = Date.parse(deletedAt) < Date.now() - limits.undoDays * 86_400_000;
  if (isGone || !(isMine || isAdmin(website))) return null;
  return (
    <>
      {" · "}
      <Anchor
        component="button"
        type="button"
        size="sm"
        onClick={() => restore(website.id, message.conversationId!, message.id)}
      >
        Undo
      </Anchor>
    </>
  );
}

export const EditedMark = ({ message }: { message: ShownMessage }) =>
  message.editedAt &&
  !message.deletedAt && (
    <time dateTime={message.editedAt} title={exactTime(message.editedAt)}>
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
