import { Button, Group, Textarea } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { ShownMessage } from "#client/text/grouping.ts";
import { LengthHint } from "#dashboard/ui/length-hint.tsx";
import { isSendKey } from "#dashboard/ui/send-key.ts";
import { limits } from "#protocol/limits.ts";
import classes from "./message-editor.module.css";
import { useThreadEditing } from "./use-editing.ts";

type Props = { message: ShownMessage; isNote: boolean };

/** Edits a message in its place: Enter saves, Escape leaves it as it was. A text that is not saved outlives the page. */
export function MessageEditor({ message, isNote }: Props) {
  const { edit, end, isRestored, unsentOf, keepUnsent } = useThreadEditing();
  const [body, setBody] = useState(() => unsentOf(message.id) ?? message.body);
  const field = useRef<HTMLTextAreaElement>(null);
  const text = body.trim();
  const isSavable = text !== "" && body.length <= limits.messageLength;

  useEffect(() => {
    if (!isRestored) field.current?.focus();
  }, [isRestored]);

  function write(next: string) {
    setBody(next);
    keepUnsent(message.id, next === message.body ? null : next);
  }

  function save() {
    if (!isSavable) return;
    end();
    if (text !== message.body) edit(message.conversationId!, message.id, text);
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === "Escape") end();
    if (!isSendKey(event)) return;
    event.preventDefault();
    save();
  }

  return (
    <div className={classes.root} data-note={isNote || undefined}>
      <Textarea
        ref={field}
        variant="unstyled"
        autosize
        minRows={1}
        maxRows={12}
        aria-label={isNote ? "Edit the note" : "Edit the message"}
        value={body}
        onChange={event => write(event.currentTarget.value)}
        onKeyDown={press}
        onFocus={event => event.currentTarget.setSelectionRange(body.length, body.length)}
      />
      <Group gap={8} wrap="nowrap">
        <LengthHint length={body.length}>Enter saves, Esc cancels</LengthHint>
        <Button size="compact-sm" variant="default" onClick={end}>
          Cancel
        </Button>
        <Button size="compact-sm" disabled={!isSavable} onClick={save}>
          Save
        </Button>
      </Group>
    </div>
  );
}
