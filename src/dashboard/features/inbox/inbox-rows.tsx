import { Button } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { explain } from "#dashboard/data/api.ts";
import { isWaitingTooLong } from "#dashboard/text/words.ts";
import { useNow } from "#dashboard/ui/use-now.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { InboxRow } from "./inbox-row.tsx";
import classes from "./inbox-rows.module.css";
import { LoadingRow } from "./loading-rows.tsx";
import type { Inbox, InboxList } from "./use-inbox.ts";
import { useStepping } from "./use-stepping.ts";

/** As in inbox-rows.module.css and inbox-row.module.css. */
const rowHeightPx = 68;
const tagsHeightPx = 24;
/** This near to the last row the next page is asked for. */
const loadAheadRows = 5;

type Props = { inbox: Inbox; list: InboxList; chosenId: string | null; tagsOf: (row: Conversation) => ReactNode };

/** The rows that are in sight, and a few around them. */
export function InboxRows({ inbox, list, chosenId, tagsOf }: Props) {
  const { rows, hasMore, loadMore, moreError } = inbox;
  const scroller = useRef<HTMLDivElement>(null);
  const longestId = useLongestWaiting(rows);
  const virtual = useVirtualizer({
    count: rows.length + (hasMore ? 1 : 0),
    estimateSize: index => rowHeightPx + (rows[index] && tagsOf(rows[index]) ? tagsHeightPx : 0),
    getScrollElement: () => scroller.current,
    getItemKey: index => rows[index]?.id ?? "more",
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const isNearEnd = hasMore && (items.at(-1)?.index ?? 0) >= rows.length - loadAheadRows;

  useEffect(() => {
    if (isNearEnd && !moreError) loadMore();
  });
  useStepping({ rows, list, chosenId, reveal: index => virtual.scrollToIndex(index) });

  return (
    <div ref={scroller} className={classes.scroller}>
      <ul className={classes.list} aria-label="Conversations" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ key, index, start, size }) => {
          const row = rows[index];
          return (
            <li key={key} className={classes.item} style={{ height: size, transform: `translateY(${start}px)` }}>
              {row ? (
                <InboxRow
                  row={row}
                  view={list.view}
                  chosen={row.id === chosenId}
                  longest={row.id === longestId}
                  tags={tagsOf(row)}
                />
              ) : (
                <NextPage error={moreError} onRetry={loadMore} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function NextPage({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (!error) return <LoadingRow />;
  return (
    <div className={classes.more} role="alert">
      <span>{explain(error)}</span>
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** The conversation that has waited longest, of those that wait too long. */
function useLongestWaiting(rows: Conversation[]): string | null {
  const now = useNow();
  const waiting = rows.filter(row => isWaitingTooLong(row, now));
  const first = waiting.sort((a, b) => Date.parse(a.waitingSince!) - Date.parse(b.waitingSince!))[0];
  return first?.id ?? null;
}
