/** @jsxImportSource #widget/dom */
import type { WidgetWebsite } from "#protocol/widget.ts";
import type { Chat } from "#widget/chat/chat.ts";
import { edit } from "#widget/chat/composing.ts";
import { Composer } from "./composer.tsx";
import { Icon } from "./icon.tsx";
import type { Scroll } from "./scroll.ts";
import { Thread } from "./thread.tsx";

export type PanelProps = { chat: Chat; scroll: Scroll; website: WidgetWebsite; close: () => void };

export function Panel({ chat, scroll, website, close }: PanelProps) {
  const { agentsOnline, endReason, refusal, edited, shell, session } = chat;
  const notice = endReason ?? refusal;
  const status = chat.sync.getStatus();
  return (
    <dialog
      class="panel"
      aria-labelledby="name"
      lang="en"
      onKeydown={event => {
        // 229: an input method handles the key.
        if (event.key === "Escape" && event.keyCode !== 229) edited ? edit(chat) : close();
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
            ? "Nobody is online right now. Leave a message. You will see the answer here."
            : website.settings.replyTime}
        </p>
        <button
          type="button"
          onClick={() => shell.part("privacy").then(({ showPrivacy }) => showPrivacy(shell, session.token))}
        >
          Your data
        </button>
        <button type="button" class="icon" aria-label="Close chat" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <p class={notice ? "bar" : `bar ${status}`} role="status">
        {notice}
        {!notice && status === "offline" && "Connection lost. Your messages are sent later."}
        {status === "outdated" && (
          <button type="button" onClick={() => location.reload()}>
            This page is outdated. Reload it.
          </button>
        )}
      </p>
      <Thread {...{ chat, scroll }} settings={website.settings} />
      <Composer chat={chat} />
    </dialog>
  );
}
