/** @jsxImportSource #widget/dom */
import { groupMessages, type Row } from "#client/text/grouping.ts";
import type { WebsiteSettings } from "#protocol/websites.ts";
import type { Chat } from "#widget/chat/chat.ts";
import { loadMessages, shownThread } from "#widget/chat/reading.ts";
import type { Child } from "#widget/dom/jsx-runtime.ts";
import { leftEmailIn } from "./email-form.tsx";
import { linked, MessageGroup } from "./message-group.tsx";
import type { Scroll } from "./scroll.ts";
import { dayName } from "./times.ts";

type Props = { chat: Chat; scroll: Scroll; settings: WebsiteSettings };

export const Thread = ({ chat, scroll, settings }: Props) => (
  <div class="thread">
    <div
      class="list"
      role="log"
      aria-label="Messages"
      // app.tsx announces new messages, also while the panel is closed: here they would be read out twice.
      aria-live="off"
      // The keyboard must be able to scroll it.
      tabindex={0}
      onScroll={scroll.measure}
    >
      {beginningOf(chat, settings)}
      {rowsOf(chat)}
      {typingIn(chat)}
      {leftEmailIn(chat)}
    </div>
    {scroll.unseen() && (
      <button type="button" class="pill" onClick={scroll.toBottom}>
        New messages ↓
      </button>
    )}
  </div>
);

/** Above the messages: their state while they load, then the greeting with the privacy notice. */
function beginningOf(chat: Chat, { greeting, privacyNotice, privacyLink }: WebsiteSettings): Child {
  const { loaded, older } = shownThread(chat);
  if (chat.failed)
    return (
      <p class="hint" role="alert">
        The messages could not be loaded.
        <button type="button" onClick={() => loadMessages(chat)}>
          Try again
        </button>
      </p>
    );
  if (older) return <p class="hint">Loading…</p>;
  if (!loaded) return <Skeleton />;
  const text = `${greeting}\n\n${privacyNotice} ${privacyLink}`.trim();
  return (
    text && (
      <div class="group">
        <p dir="auto">{linked(text)}</p>
      </div>
    )
  );
}

const visitor = { author: "visitor", authorId: null, authorName: null } as const;

/** A state never changes, so its drawing is kept: a key press in the composer draws no message again. */
const drawnRows = new WeakMap<object, Child>();

function rowsOf(chat: Chat): Child {
  const state = chat.sync.getState();
  const drawn = drawnRows.get(state);
  if (drawn) return drawn;
  const draw = (row: Row): Child => {
    if (row.type === "day")
      return (
        <p class="day" key={row.key}>
          {dayName(row.moment)}
        </p>
      );
    if (row.type !== "group") return null;
    const agentReadSeq = state.conversations[row.messages.at(-1)!.conversationId ?? ""]?.agentReadSeq ?? 0;
    return <MessageGroup key={row.key} group={row} {...{ chat, agentReadSeq }} />;
  };
  const rows = groupMessages(shownThread(chat).messages, state.outbox, visitor).map(draw);
  drawnRows.set(state, rows);
  return rows;
}

function typingIn(chat: Chat): Child {
  const typing = chat.sync.getState().typing[shownThread(chat).id ?? ""];
  return (
    typing && (
      <p class="typing" key="typing">
        {typing.name ?? "An agent"} is typing…
      </p>
    )
  );
}

const Skeleton = () => (
  <div class="group loading" role="status" aria-label="Loading messages">
    <p />
    <p />
    <p />
  </div>
);
