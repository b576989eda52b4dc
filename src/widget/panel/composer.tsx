/** @jsxImportSource #widget/dom */
import * as clientLimits from "#protocol/client-limits.ts";
import type { Chat } from "#widget/chat/chat.ts";
import { edit, remove, send, signalTyping, write } from "#widget/chat/composing.ts";
import { Icon } from "./icon.tsx";

/** From this length on, the number of characters left is shown. */
const counterFrom = clientLimits.messageLength - 500;

export function Composer({ chat }: { chat: Chat }) {
  const { draft, endReason, edited, asks } = chat;
  const left = clientLimits.messageLength - draft.length;
  const disabled = !draft.trim() || left < 0 || !!endReason;

  function submit(event: Event) {
    event.preventDefault();
    if (!disabled) send(chat);
  }

  return (
    <form onSubmit={submit}>
      {edited && (
        <p class="hint">
          {asks ? "Delete this message?" : "Edit your message"}
          <button type="button" onClick={() => remove(chat)}>
            Delete
          </button>
          <button type="button" onClick={() => edit(chat)}>
            {asks ? "Keep" : "Cancel"}
          </button>
        </p>
      )}
      <textarea
        rows={1}
        dir="auto"
        value={draft}
        disabled={!!endReason}
        placeholder="Write a message…"
        aria-label="Message"
        aria-invalid={left < 0}
        aria-describedby="left"
        enterkeyhint="send"
        onInput={({ currentTarget: { value } }) => {
          // PostgreSQL keeps no NUL character.
          write(chat, value.replaceAll("\0", ""));
          signalTyping(chat, !edited && !!value.trim());
        }}
        onBlur={() => signalTyping(chat, false)}
        onKeydown={event => {
          // 229: an input method handles the key. Enter chooses a word.
          if (event.key === "Enter" && !event.shiftKey && event.keyCode !== 229) submit(event);
        }}
      />
      <button type="submit" class="icon" aria-label={edited ? "Save" : "Send"} disabled={disabled}>
        <Icon name="send" />
      </button>
      <small id="left" class={left < 0 ? "failed" : ""} role="status">
        {draft.length > counterFrom && `Characters ${left < 0 ? "too many" : "left"}: ${Math.abs(left)}`}
      </small>
    </form>
  );
}
