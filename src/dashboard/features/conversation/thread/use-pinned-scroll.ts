import { useCallback, useLayoutEffect, useRef, useState } from "react";

/** This near to the end counts as being there. */
const slackPx = 48;

/**
 * A scroller that stays at its end while one is there, and stays where one reads when older content comes in above.
 * @param firstKey  changes when something was put before all else
 */
export function usePinnedScroll(firstKey: string | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const held = useRef({ pinned: true, fromEnd: 0, firstKey });
  const [atEnd, setAtEnd] = useState(true);

  const settle = useCallback(() => {
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
    settle();
  });

  useLayoutEffect(() => {
    const observer = new ResizeObserver(settle);
    observer.observe(scroller.current!);
    observer.observe(content.current!);
    return () => observer.disconnect();
  }, [settle]);

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
    toEnd() {
      held.current.pinned = true;
      setAtEnd(true);
      settle();
    },
  };
}
