import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
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

/** The field in which an agent writes, as other features may use it. */
export type ComposerField = {
  draft: string;
  caret: number;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Replaces `[from, until)` of the draft, and puts the caret behind it. */
  replace(from: number, until: number, text: string): void;
};

type Props = {
  row: Conversation;
  isEditing: boolean;
  onEditLast: () => void;
  /** what is offered over the field while the agent types */
  menu: (composer: ComposerField) => ReactNode;
};

/** @param isEditing  a message of the thread is being edited; the focus comes back here afterwards */
export function Composer({ row, isEditing, onEditLast, menu }: Props) {
  const { draft, field, isNote, isSendable, choose, write, send, stopTyping } = useComposer(row);
  const [caret, setCaret] = useState(0);
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

  function replace(from: number, until: number, text: string) {
    const end = from + text.length;
    // Now, so that the caret can be put behind the text.
    flushSync(() => write(draft.body.slice(0, from) + text + draft.body.slice(until)));
    setCaret(end);
    field.current?.focus();
    field.current?.setSelectionRange(end, end);
  }

  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing) field.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing, field]);

  return (
    <div className={classes.root} data-note={isNote || undefined}>
      <div className={classes.column}>
        {menu({ draft: draft.body, caret, field, replace })}
        <Textarea
          ref={field}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={8}
          aria-label={isNote ? "Write a note" : "Write a reply"}
          placeholder={isNote ? "Only agents see it" : "Write a reply, or / for a canned one"}
          value={draft.body}
          onChange={event => {
            write(event.currentTarget.value);
            setCaret(event.currentTarget.selectionStart);
          }}
          onSelect={event => setCaret(event.currentTarget.selectionStart)}
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
