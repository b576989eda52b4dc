import { useCallback, useLayoutEffect, useRef, useState } from "react";

/** This near to the end counts as the end. */
const slackPx = 48;

/**
 * A scroller that stays at its end, or keeps the reader's place when older messages are added above.
 * @param firstKey  changes when older messages were added
 */
export function usePinnedScroll(firstKey: string | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const held = useRef({ pinned: true, fromEnd: 0, firstKey });
  const [atEnd, setAtEnd] = useState(true);

  const restore = useCallback(() => {
    const box = scroller.current!;
    if (held.current.pinned) box.scrollTop = box.scrollHeight;
    held.current.fromEnd = box.scrollHeight - box.scrollTop;
  }, []);

  useLayoutEffect(() => {
    const box = scroller.current!;
    if (held.current.firstKey !== firstKey && !held.current.pinned) {
      box.scrollTop = box.scrollHeight - held.current.fromEnd;
    }
    held.current.firstKey = firstKey;
    restore();
  });

  useLayoutEffect(() => {
    const observer = new ResizeObserver(restore);
    observer.observe(scroller.current!);
    observer.observe(content.current!);
    return () => observer.disconnect();
  }, [restore]);

  return {
    scroller,
    content,
    atEnd,
    onScroll() {
      const box = scroller.current!;
      held.current.fromEnd = box.scrollHeight - box.scrollTop;
      held.current.pinned = held.current.fromEnd - box.clientHeight < slackPx;
      setAtEnd(held.current.pinned);
    },
    /** Shows what a selector names in the middle, and gives it the focus. */
    show(selector: string) {
      const box = scroller.current!;
      const shown = box.querySelector<HTMLElement>(selector);
      if (!shown) return;
      held.current.pinned = false;
      shown.focus({ preventScroll: true });
      const fromTop = shown.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
      box.scrollTop = fromTop - (box.clientHeight - shown.offsetHeight) / 2;
      held.current.fromEnd = box.scrollHeight - box.scrollTop;
      setAtEnd(held.current.fromEnd - box.clientHeight < slackPx);
    },
    toEnd() {
      held.current.pinned = true;
      setAtEnd(true);
      restore();
    },
  };
}
