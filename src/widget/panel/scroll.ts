/** Older messages are wanted when the reader is this close to the oldest one. */
const reachPx = 300;
const bottomPx = 40;

/** What a list shows: ids of its oldest and newest message, and whether the reader wrote the newest. */
export type Shown = { firstId?: string; lastId?: string; own?: boolean };

/**
 * Keeps a growing list where its reader is: at the bottom while they are there and when they write, else with the same
 * message under their eyes.
 */
export function createScroll(on: { bottom: () => void; top: () => void; unseen: () => void }) {
  let list: HTMLElement | null = null;
  let shown: Shown = {};
  let seenId: string | undefined;
  let atBottom = true;
  let fromEndPx = 0;
  let told = false;

  // The keyboard, the composer or the window take room from the list.
  const resizes = new ResizeObserver(() => atBottom && toBottom());

  function toBottom() {
    if (list) list.scrollTop = list.scrollHeight;
  }

  const unseen = () => !atBottom && shown.lastId !== seenId;

  /** Looks where the reader is, after they scrolled. */
  function measure() {
    if (!list) return;
    const { scrollHeight, scrollTop, clientHeight } = list;
    fromEndPx = scrollHeight - scrollTop;
    atBottom = fromEndPx - clientHeight < bottomPx;
    if (atBottom) {
      seenId = shown.lastId;
      on.bottom();
    }
    if (told !== unseen()) {
      told = !told;
      on.unseen();
    }
    if (scrollTop < reachPx) on.top();
  }

  return {
    measure,
    toBottom,
    /** There is something below that the reader has not seen. */
    unseen,
    /** Begins with this list, at its bottom. */
    attach(element: HTMLElement) {
      list = element;
      atBottom = true;
      resizes.disconnect();
      resizes.observe(list);
    },
    /** To be called after each drawing of the list. */
    settle(next: Shown) {
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
