import { Button, Skeleton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { explain } from "#dashboard/data/api.ts";
import { isWaitingTooLong } from "#dashboard/text/words.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import { useNow } from "#dashboard/ui/use-now.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { InboxView } from "#protocol/inbox.ts";
import classes from "./inbox-list.module.css";
import { InboxRow } from "./inbox-row.tsx";
import { useInbox } from "./use-inbox.ts";
import { views } from "./views.tsx";

const rowHeightPx = 68;

type Props = { websiteId: number; view: InboxView; chosenId: string | null };

export function InboxList({ websiteId, view, chosenId }: Props) {
  const inbox = useInbox(websiteId, view);
  if (inbox.status === "pending") return <LoadingRows />;
  if (inbox.status === "error") {
    return <Failure what="The inbox could not be loaded" error={inbox.error} onRetry={inbox.retry} />;
  }
  return <Rows inbox={inbox} websiteId={websiteId} view={view} chosenId={chosenId} />;
}

function Rows({ inbox, websiteId, view, chosenId }: Props & { inbox: ReturnType<typeof useInbox> }) {
  const { rows, hasMore, loadMore, moreError } = inbox;
  const scroller = useRef<HTMLDivElement>(null);
  const longest = useLongestWaiting(rows);
  const virtual = useVirtualizer({
    count: rows.length + (hasMore ? 1 : 0),
    estimateSize: () => rowHeightPx,
    getScrollElement: () => scroller.current,
    getItemKey: index => rows[index]?.id ?? "more",
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const reachesEnd = hasMore && (items.at(-1)?.index ?? 0) >= rows.length - 5;

  useEffect(() => {
    if (reachesEnd && !moreError) loadMore();
  });
  useStepping(rows, chosenId, { websiteId, view }, index => virtual.scrollToIndex(index));

  if (!rows.length && !hasMore) {
    const { empty } = views.find(row => row.id === view)!;
    return (
      <StateMessage icon={empty.icon} title={empty.title}>
        {empty.hint}
      </StateMessage>
    );
  }
  return (
    <div ref={scroller} className={classes.scroller}>
      <ul className={classes.list} aria-label="Conversations" style={{ height: virtual.getTotalSize() }}>
        {items.map(item => {
          const row = rows[item.index];
          return (
            <li key={item.key} className={classes.item} style={{ transform: `translateY(${item.start}px)` }}>
              {row ? (
                <InboxRow row={row} view={view} chosen={row.id === chosenId} longest={row.id === longest} />
              ) : moreError ? (
                <div className={classes.more} role="alert">
                  <span>{explain(moreError)}</span>
                  <Button size="compact-sm" variant="default" onClick={loadMore}>
                    Try again
                  </Button>
                </div>
              ) : (
                <LoadingRow />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Who waits longest of those who wait too long. */
function useLongestWaiting(rows: Conversation[]): string | null {
  const now = useNow();
  const waiting = rows.filter(row => isWaitingTooLong(row, now));
  const first = waiting.sort((a, b) => Date.parse(a.waitingSince!) - Date.parse(b.waitingSince!))[0];
  return first?.id ?? null;
}

/** j and k. From a conversation that has left the list they go on from where it stood. */
function useStepping(
  rows: Conversation[],
  chosenId: string | null,
  list: { websiteId: number; view: InboxView },
  reveal: (index: number) => void,
) {
  const navigate = useNavigate();
  const stood = useRef<{ index: number; id: string | null }>({ index: -1, id: null });
  const index = rows.findIndex(row => row.id === chosenId);
  useEffect(() => {
    if (index >= 0) stood.current = { index, id: chosenId };
  }, [index, chosenId]);

  const go = (to: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!next) return;
    reveal(rows.indexOf(next));
    void navigate({ to: "/w/$websiteId/inbox/$view/$conversationId", params: { ...list, conversationId: next.id } });
  };
  useKeys({
    j() {
      if (index >= 0) return go(index + 1);
      // Where it left, the next one stands in its place; where it led on to a newer conversation, it still stands there.
      const { index: at, id } = stood.current;
      go(rows[at]?.id === id ? at + 1 : Math.max(at, 0));
    },
    k: () => go((index >= 0 ? index : stood.current.index) - 1),
  });
}

const LoadingRows = () => (
  <div className={classes.scroller} role="status" aria-label="Loading the inbox">
    {Array.from({ length: 8 }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
      <LoadingRow key={index} />
    ))}
  </div>
);

const LoadingRow = () => (
  <div className={classes.loading}>
    <Skeleton height={12} width="45%" />
    <Skeleton height={12} width="80%" />
  </div>
);
