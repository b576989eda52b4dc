/** @jsxImportSource #widget/dom */
import { groupMessages } from "#client/text/grouping.ts";
import type { Chat } from "#widget/chat/chat.ts";
import type { Child } from "#widget/dom/jsx-runtime.ts";
import { Icon } from "./icon.tsx";
import { MessageGroup } from "./message-group.tsx";
import type { Scroll } from "./scroll.ts";
import { dayName } from "./times.ts";

export function Thread({ chat, scroll, greeting }: { chat: Chat; scroll: Scroll; greeting: string }) {
  const { sync, view } = chat;
  const { id, loaded, older } = chat.thread();
  const typist = id && sync.getState().typing[id];
  return (
    <div class="thread">
      <div
        class="list"
        role="log"
        aria-label="Messages"
        // app.tsx announces what arrives, also while the panel is closed: here it would be read out twice.
        aria-live="off"
        // What scrolls must be within reach of the keyboard.
        tabindex={0}
        onScroll={scroll.measure}
      >
        {view.failed ? (
          <p class="hint" role="alert">
            The messages could not be loaded.
            <button type="button" onClick={chat.load}>
              Try again
            </button>
          </p>
        ) : older ? (
          <p class="hint">Loading earlier messages…</p>
        ) : !loaded ? (
          <Skeleton />
        ) : (
          greeting && (
            <div class="group">
              <p dir="auto">{greeting}</p>
            </div>
          )
        )}
        {rowsIn(chat)}
        {typist && (
          <p class="typing">
            {typist.name ?? "Somebody"} is typing<i>…</i>
          </p>
        )}
      </div>
      {scroll.unseen() && (
        <button type="button" class="pill" onClick={scroll.toBottom}>
          New messages <Icon name="down" />
        </button>
      )}
    </div>
  );
}

const visitor = { author: "visitor", authorId: null, authorName: null } as const;

/** A state never changes, so nor does its drawing: a word that is being typed redraws no message. */
const drawnRows = new WeakMap<object, Child>();

function rowsIn({ sync, thread }: Chat): Child {
  const state = sync.getState();
  const drawn = drawnRows.get(state);
  if (drawn) return drawn;
  const rows = groupMessages(thread().messages, state.outbox, visitor).map(row => {
    if (row.type === "day")
      return (
        <p class="day" key={row.key}>
          {dayName(row.moment)}
        </p>
      );
    if (row.type !== "group") return null;
    const agentReadSeq = state.conversations[row.lines.at(-1)!.conversationId ?? ""]?.agentReadSeq ?? 0;
    return <MessageGroup key={row.key} group={row} {...{ sync, agentReadSeq }} />;
  });
  drawnRows.set(state, rows);
  return rows;
}

const Skeleton = () => (
  <div class="skeleton" role="status" aria-label="Loading messages">
    <p />
    <p />
    <p />
  </div>
);
