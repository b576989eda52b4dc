import { Button, Loader } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { explain } from "#dashboard/data/api.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import { LoadingMessages } from "./loading-conversation.tsx";
import classes from "./thread.module.css";
import { ThreadContent } from "./thread-content.tsx";
import { TypingLine } from "./typing-line.tsx";
import { usePinnedScroll } from "./use-pinned-scroll.ts";
import { useReading } from "./use-reading.ts";
import { TargetContext, useTarget } from "./use-target.ts";
import { type ShownThread, useThread } from "./use-thread.ts";

/** This near to the oldest message held, the page before it is loaded. */
const loadAheadPx = 600;

type Props = { row: Conversation; error: unknown; onRetry: () => void };

export function Thread({ row, error, onRetry }: Props) {
  const thread = useThread(row.id);
  if (thread.loaded) return <LoadedThread row={row} thread={thread} />;
  if (error) return <Failure what="The messages could not be loaded" error={error} onRetry={onRetry} />;
  return <LoadingMessages />;
}

function LoadedThread({ row, thread }: { row: Conversation; thread: ShownThread }) {
  const { sync } = useLive();
  const { rows, hasOlder, oldest, newest, lastUnsent } = thread;
  const scroll = usePinnedScroll(oldest);
  const older = useMutation({ mutationFn: () => sync.loadOlder(row.id) });
  const seen = useRef(newest);
  const target = useTarget(row.id);
  const isShown = useRef<string | null>(null);
  useReading(row, scroll.atEnd && !target.isLoading && (target.id === null || isShown.current === target.id));
  useEffect(() => {
    if (target.id === null || isShown.current === target.id) return;
    isShown.current = target.id;
    scroll.show(`[data-message="${target.id}"]`);
  });

  const loadOlder = () => {
    if (target.isLoading) return;
    const near = scroll.scroller.current!.scrollTop < loadAheadPx;
    if (near && hasOlder && !older.isPending && !older.isError) older.mutate();
  };
  useEffect(loadOlder);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new own message moves the view
  useEffect(() => {
    if (lastUnsent) scroll.toEnd();
  }, [lastUnsent]);
  useEffect(() => {
    if (scroll.atEnd) seen.current = newest;
  }, [scroll.atEnd, newest]);

  const onScroll = () => {
    scroll.onScroll();
    loadOlder();
  };
  return (
    <div className={classes.frame}>
      <div ref={scroll.scroller} className={classes.scroller} onScroll={onScroll}>
        <div ref={scroll.content} className={classes.content} role="log" aria-label="Messages">
          <Beginning
            hasOlder={hasOlder}
            error={target.error ?? older.error}
            onRetry={target.error ? target.retry : () => older.mutate()}
          />
          <TargetContext value={target.id}>
            <ThreadContent rows={rows} />
          </TargetContext>
          <TypingLine conversationId={row.id} />
        </div>
      </div>
      {!scroll.atEnd && newest !== seen.current && (
        <Button
          className={classes.pill}
          size="sm"
          radius="xl"
          leftSection={<IconArrowDown size={16} />}
          onClick={scroll.toEnd}
        >
          New messages
        </Button>
      )}
    </div>
  );
}

function Beginning({ hasOlder, error, onRetry }: { hasOlder: boolean; error: unknown; onRetry: () => void }) {
  if (error) {
    return (
      <div className={classes.beginning} role="alert">
        {explain(error)}
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          Try again
        </Button>
      </div>
    );
  }
  return hasOlder ? (
    <div className={classes.beginning}>
      <Loader size={16} aria-label="Loading earlier messages" />
    </div>
  ) : null;
}
