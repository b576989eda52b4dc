/** @jsxImportSource #widget/dom */
import type { WidgetWebsite } from "#protocol/widget.ts";
import type { Chat } from "#widget/chat/chat.ts";
import { Composer } from "./composer.tsx";
import { Icon } from "./icon.tsx";
import type { Scroll } from "./scroll.ts";
import { Thread } from "./thread.tsx";

export type PanelProps = { chat: Chat; scroll: Scroll; website: WidgetWebsite; close: () => void };

export function Panel({ chat, scroll, website, close }: PanelProps) {
  const { agentsOnline, problem } = chat.view;
  const late = !problem && chat.sync.getStatus() === "offline";
  return (
    <dialog
      class="panel"
      aria-labelledby="name"
      lang="en"
      dir="ltr"
      onKeydown={event => {
        if (event.key === "Escape" && !event.isComposing) close();
        if (event.key === "Tab") keepFocus(event, event.currentTarget);
      }}
      // A phone's back gesture.
      onClose={close}
    >
      <header>
        <h2 id="name" dir="auto">
          {website.name}
        </h2>
        <p class={agentsOnline ? "online" : ""}>
          {agentsOnline === false
            ? "Nobody is online right now. Leave a message. You will find the answer here."
            : website.settings.replyTime}
        </p>
        <button type="button" class="icon" aria-label="Close chat" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <p class={late ? "bar late" : "bar"} role="status">
        {problem ?? (late && "Connection lost. What you write is kept, and sent when the connection is back.")}
      </p>
      <Thread {...{ chat, scroll }} greeting={website.settings.greeting} />
      <Composer chat={chat} />
    </dialog>
  );
}

/** On phones the panel is the whole screen: Tab then stays in it. */
function keepFocus(event: KeyboardEvent, dialog: HTMLDialogElement) {
  if (!dialog.matches(":modal")) return;
  const stops = [...dialog.querySelectorAll<HTMLElement>("button:enabled, textarea:enabled, a, [tabindex]")];
  const [end, start] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (event.target !== end) return;
  event.preventDefault();
  start?.focus();
}
