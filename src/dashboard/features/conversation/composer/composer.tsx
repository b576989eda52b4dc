import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { type KeyboardEvent, useRef } from "react";
import { useMe } from "#dashboard/data/me.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import classes from "./composer.module.css";
import { type Draft, useDraft } from "./use-draft.ts";
import { useTypingSignal } from "./use-typing-signal.ts";

const numbers = new Intl.NumberFormat();

export function Composer({ row }: { row: Conversation }) {
  const { sync } = useLive();
  const [draft, setDraft] = useDraft(useMe().user.id, row.id);
  const signalTyping = useTypingSignal(row.id);
  const field = useRef<HTMLTextAreaElement>(null);
  const note = draft.kind === "note";
  const left = limits.messageLength - draft.body.length;
  const sendable = draft.body.trim() !== "" && left >= 0;

  function begin(kind: Draft["kind"]) {
    setDraft({ kind });
    if (kind === "note") signalTyping(false);
    field.current?.focus();
  }
  useKeys({ r: () => begin("text"), n: () => begin("note") });

  function write(body: string) {
    setDraft({ body });
    if (!note) signalTyping(body.trim() !== "");
  }

  function send() {
    if (!sendable) return;
    sync.send({ conversationId: row.id, websiteId: row.websiteId, kind: draft.kind, body: draft.body.trim() });
    setDraft({ kind: "text", body: "" });
    signalTyping(false);
    field.current?.focus();
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, Enter chooses a word.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
    if (event.key === "Escape") field.current?.blur();
  }

  return (
    <div className={classes.root} data-note={note || undefined}>
      <div className={classes.column}>
        <Textarea
          ref={field}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={8}
          aria-label={note ? "Write a note" : "Write a reply"}
          placeholder={note ? "Only agents see it" : "Write a reply"}
          value={draft.body}
          onChange={event => write(event.currentTarget.value)}
          onKeyDown={press}
          onBlur={() => signalTyping(false)}
        />
        <div className={classes.bar}>
          <SegmentedControl
            size="xs"
            aria-label="What to write"
            value={draft.kind}
            onChange={kind => begin(kind as Draft["kind"])}
            data={[
              { value: "text", label: "Reply" },
              { value: "note", label: "Note" },
            ]}
          />
          <span className={classes.hint} data-over={left < 0 || undefined} role={left < 0 ? "alert" : undefined}>
            {left < 0
              ? `${numbers.format(-left)} ${left === -1 ? "character" : "characters"} too many`
              : left < 1_000
                ? `${numbers.format(left)} characters left`
                : ""}
          </span>
          {left >= 1_000 && <span className={classes.keys}>Enter sends, Shift + Enter: new line</span>}
          <Button size="sm" disabled={!sendable} onClick={send} rightSection={<IconSend2 size={16} />}>
            {note ? "Add note" : "Send"}
          </Button>
        </div>
      </div>
    </div>
  );
}
