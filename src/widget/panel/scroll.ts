import type { Pending } from "#client/store.ts";
import type { Message } from "#protocol/messages.ts";

/** This near to the oldest message, older ones are loaded. */
const loadAheadPx = 300;
/** This near to the bottom counts as the bottom. */
const bottomPx = 40;

/** What a list shows: the ids of its oldest and newest message, and whether the newest is the reader's own. */
type Shown = { firstId?: string | undefined; lastId?: string | undefined; own?: boolean };

export function shownOf(messages: Message[], outbox: Pending[]): Shown {
  const all = [...messages, ...outbox];
  const last = all.at(-1);
  const own = !!last && (!("author" in last) || last.author === "visitor");
  return { firstId: all[0]?.id, lastId: last?.id, own };
}

/**
 * Keeps the reader's place while a list grows: at the bottom if the reader is there or has just written, else at the same
 * message.
 * @param on.bottom  the reader is at the bottom
 * @param on.top     the reader is near the oldest message
 * @param on.unseen  `unseen()` has changed
 */
export function createScroll(on: { bottom: () => void; top: () => void; unseen: () => void }) {
  let list: HTMLElement | null = null;
  let shown: Shown = {};
  let seenId: string | undefined;
  let atBottom = true;
  let fromEndPx = 0;
  let wasUnseen = false;

  // The keyboard, the composer and the window change the height of the list.
  const resizes = new ResizeObserver(() => atBottom && toBottom());

  function toBottom() {
    if (list) list.scrollTop = list.scrollHeight;
  }

  const unseen = () => !atBottom && shown.lastId !== seenId;

  /** Finds out where the reader is: called after each scrolling. */
  function measure() {
    if (!list) return;
    const { scrollHeight, scrollTop, clientHeight } = list;
    fromEndPx = scrollHeight - scrollTop;
    atBottom = fromEndPx - clientHeight < bottomPx;
    if (atBottom) {
      seenId = shown.lastId;
      on.bottom();
    }
    if (wasUnseen !== unseen()) {
      wasUnseen = !wasUnseen;
      on.unseen();
    }
    if (scrollTop < loadAheadPx) on.top();
  }

  return {
    measure,
    toBottom,
    /** There is a message below that the reader has not seen. */
    unseen,
    /** Starts with this list, at its bottom. */
    attach(element: HTMLElement) {
      list = element;
      atBottom = true;
      resizes.disconnect();
      resizes.observe(list);
    },
    /** Called after each drawing of the list. */
    keep(next: Shown) {
      if (!list) return;
      if (next.own && next.lastId !== shown.lastId) atBottom = true;
      if (atBottom) toBottom();
      else if (next.firstId !== shown.firstId) list.scrollTop = list.scrollHeight - fromEndPx;
      shown = next;
      measure();
    },
  };
}

export type Scroll = ReturnType<typeof createScroll>;
