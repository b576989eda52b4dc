import { Anchor, Button, Text } from "@mantine/core";
import { IconSearch, IconSearchOff } from "@tabler/icons-react";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import { dateOf } from "#dashboard/text/time.ts";
import { countOf } from "#dashboard/text/words.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import type { SearchPage } from "#protocol/search.ts";
import type { Tag } from "#protocol/tags.ts";
import { LoadingResults } from "./loading-results.tsx";
import { PeopleFound } from "./people-found.tsx";
import { ResultRow } from "./result-row.tsx";
import classes from "./results.module.css";
import { mistakeIn } from "./search.ts";

type Pages = UseInfiniteQueryResult<{ pages: SearchPage[] }, Error>;
type Props = { websiteId: number; text: string; pages: Pages; tags: Tag[]; onExample: (text: string) => void };

/** The page asks on by itself until there is something to see, and as often as this at most. */
const maxEmptyPages = 10;

export function Results({ websiteId, text, pages, tags, onExample }: Props) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching, isPlaceholderData } = pages;
  const all = data?.pages ?? [];
  const results = all.flatMap(page => page.results);
  const seeksOn = results.length === 0 && hasNextPage && !isFetching && !error && all.length < maxEmptyPages;
  useEffect(() => {
    if (seeksOn) void fetchNextPage();
  }, [seeksOn, fetchNextPage]);

  if (text.trim() === "") return <Beginning onExample={onExample} />;
  if (mistakeIn(error)) return null;
  if (error && !data) return <Failure what="The search failed" error={error} onRetry={() => void refetch()} />;
  if (!data) return <LoadingResults />;
  const people = all[0]!.people;
  const last = all.at(-1)!;
  return (
    <div data-old={isPlaceholderData || undefined} className={classes.root}>
      <Text size="sm" c="dimmed" role="status">
        {statusOf(results.length, people.length, hasNextPage, isFetching)}
        {last.isIndexing && " Older messages are still being indexed: some may be missing."}
      </Text>
      {people.length > 0 && <PeopleFound websiteId={websiteId} people={people} />}
      {results.length > 0 && (
        <ol className={classes.list} aria-label="Messages">
          {results.map(result => (
            <li key={result.messageId}>
              <ResultRow websiteId={websiteId} result={result} tags={tags} />
            </li>
          ))}
        </ol>
      )}
      {results.length === 0 && people.length === 0 && !hasNextPage && !isFetching && <Nothing />}
      {error && (
        <Text size="sm" role="alert" c="red">
          The next results could not be loaded.
        </Text>
      )}
      {hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
            Show older messages
          </Button>
          {last.searchedUntil && (
            <Text size="xs" c="dimmed">
              Searched back to {dateOf(Date.parse(last.searchedUntil))}
            </Text>
          )}
        </div>
      )}
    </div>
  );
}

function statusOf(messages: number, people: number, isMore: boolean, isFetching: boolean): string {
  if (messages + people === 0) return isFetching || isMore ? "Searching…" : "";
  const found = [...(people > 0 ? [people === 1 ? "1 person" : `${people} people`] : [])];
  if (messages > 0) found.push(`${countOf(messages, "message")}${isMore ? " and more" : ""}`);
  return `${found.join(", ")}. The newest first.`;
}

const examples = [
  ["refund", "messages with a word that begins so: refund, refunds, refunded"],
  ['"blue one"', "these words, one after the other"],
  ["is:open assignee:me", "open conversations that are assigned to you"],
  ["from:visitor after:2026-11-01", "what visitors wrote since a day"],
] as const;

const Beginning = ({ onExample }: { onExample: (text: string) => void }) => (
  <StateMessage icon={<IconSearch size={32} stroke={1.5} />} title="Find what was said">
    In all messages of this website, also in old ones, and among the people who wrote.
    <span className={classes.examples}>
      {examples.map(([text, meaning]) => (
        <span key={text}>
          <Anchor component="button" type="button" size="sm" onClick={() => onExample(text)}>
            {text}
          </Anchor>{" "}
          {meaning}
        </span>
      ))}
    </span>
  </StateMessage>
);

const Nothing = () => (
  <StateMessage icon={<IconSearchOff size={32} stroke={1.5} />} title="Nothing found" role="status">
    Try fewer or shorter words, or fewer filters. Words match from their beginning: “refun” finds “refund”.
  </StateMessage>
);
