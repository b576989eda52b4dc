import { Button, Group, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import type { Line } from "#client/text/grouping.ts";
import { explain } from "#dashboard/data/api.ts";
import { LengthHint } from "#dashboard/ui/length-hint.tsx";
import { isSendKey } from "#dashboard/ui/send-key.ts";
import { limits } from "#protocol/limits.ts";
import classes from "./message-editor.module.css";
import { useThreadEditing } from "./use-editing.ts";

type Props = { line: Line; isNote: boolean };

/** Edits a message in its place: Enter saves, Escape leaves it as it was. */
export function MessageEditor({ line, isNote }: Props) {
  const { edit, end } = useThreadEditing();
  const [body, setBody] = useState(line.body);
  const text = body.trim();
  const save = useMutation({
    mutationFn: () => edit(line.conversationId!, line.id, text),
    onSuccess: end,
  });
  const isSavable = text !== "" && body.length <= limits.messageLength && !save.isPending;

  function submit() {
    if (text === line.body) end();
    else if (isSavable) save.mutate();
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === "Escape") end();
    if (!isSendKey(event)) return;
    event.preventDefault();
    submit();
  }

  return (
    <div className={classes.root} data-note={isNote || undefined}>
      <Textarea
        variant="unstyled"
        autosize
        minRows={1}
        maxRows={12}
        autoFocus
        aria-label={isNote ? "Edit the note" : "Edit the message"}
        value={body}
        onChange={event => setBody(event.currentTarget.value)}
        onKeyDown={press}
        onFocus={event => event.currentTarget.setSelectionRange(body.length, body.length)}
      />
      {save.error && (
        <p className={classes.failure} role="alert">
          <strong>Not saved.</strong> {explain(save.error)}
        </p>
      )}
      <Group gap={8} wrap="nowrap">
        <LengthHint length={body.length}>Enter saves, Esc cancels</LengthHint>
        <Button size="compact-sm" variant="default" onClick={end}>
          Cancel
        </Button>
        <Button size="compact-sm" disabled={!isSavable} loading={save.isPending} onClick={submit}>
          Save
        </Button>
      </Group>
    </div>
  );
}
