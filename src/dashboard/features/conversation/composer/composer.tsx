import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { LengthHint } from "#dashboard/ui/length-hint.tsx";
import { isSendKey } from "#dashboard/ui/send-key.ts";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import type { Conversation } from "#protocol/conversations.ts";
import classes from "./composer.module.css";

import { useComposer } from "./use-composer.ts";
import type { Draft } from "./use-draft.ts";

const kinds = [
  { value: "text", label: "Reply" },
  { value: "note", label: "Note" },
];

type Props = { row: Conversation; isEditing: boolean; onEditLast: () => void };

/** @param isEditing  a message of the thread is being edited; the focus comes back here afterwards */
export function Composer({ row, isEditing, onEditLast }: Props) {
  const { draft, field, isNote, isSendable, choose, write, send, stopTyping } = useComposer(row);
  useKeys({ r: () => choose("text"), n: () => choose("note") });

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (isSendKey(event)) {
      event.preventDefault();
      send();
    }
    if (event.key === "ArrowUp" && draft.body === "") {
      event.preventDefault();
      onEditLast();
    }
    if (event.key === "Escape") event.currentTarget.blur();
  }

  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing) field.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing, field]);

  return (
    <div className={classes.root} data-note={isNote || undefined}>
      <div className={classes.column}>
        <Textarea
          ref={field}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={8}
          aria-label={isNote ? "Write a note" : "Write a reply"}
          placeholder={isNote ? "Only agents see it" : "Write a reply"}
          value={draft.body}
          onChange={event => write(event.currentTarget.value)}
          onKeyDown={press}
          onBlur={stopTyping}
        />
        <div className={classes.bar}>
          <SegmentedControl
            size="xs"
            aria-label="What to write"
            value={draft.kind}
            onChange={kind => choose(kind as Draft["kind"])}
            data={kinds}
          />
          <LengthHint length={draft.body.length}>Enter sends, Shift + Enter: new line</LengthHint>
          <Button size="sm" disabled={!isSendable} onClick={send} rightSection={<IconSend2 size={16} />}>
            {isNote ? "Add note" : "Send"}
          </Button>
        </div>
      </div>
    </div>
  );
}
