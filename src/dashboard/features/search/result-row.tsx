import { Badge } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import type { SearchResult } from "#protocol/search.ts";
import type { Tag } from "#protocol/tags.ts";
import classes from "./result-row.module.css";

type Props = { websiteId: number; result: SearchResult; tags: Tag[] };

/** A message that was found. It leads to the message in its conversation. */
export function ResultRow({ websiteId, result, tags }: Props) {
  const { visitor, conversationId, seq, createdAt, status, assigneeName, tagIds } = result;
  const own = tags.filter(tag => tagIds.includes(tag.id)).map(tag => tag.name);
  const facts = [status === "open" ? "Open" : "Resolved", assigneeName, ...own].filter(Boolean);
  return (
    <Link
      to="/w/$websiteId/inbox/$view/$conversationId"
      params={{ websiteId, view: status === "open" ? "all" : "resolved", conversationId }}
      hash={`message-${seq}`}
      preload={false}
      className={classes.root}
      data-result
    >
      <span className={classes.line}>
        <span className={classes.name}>{visitorName(visitor)}</span>
        <Ago moment={createdAt} className={classes.when} />
      </span>
      <span className={classes.excerpt} dir="auto">
        <Author result={result} />
        <Marked text={result.excerpt} marks={result.marks} />
      </span>
      <span className={classes.facts}>{facts.join(" · ")}</span>
    </Link>
  );
}

function Author({ result: { author, authorName, kind } }: { result: SearchResult }) {
  if (kind === "note") {
    return (
      <Badge size="sm" variant="default" leftSection={<IconLock size={12} />} className={classes.note} tt="none">
        Note{authorName && ` of ${authorName}`}
      </Badge>
    );
  }
  return author === "visitor" ? null : <span className={classes.author}>{authorName ?? "System"}: </span>;
}

function Marked({ text, marks }: { text: string; marks: SearchResult["marks"] }) {
  const parts = marks.flatMap(([start, end], i) => [
    text.slice(marks[i - 1]?.[1] ?? 0, start),
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
    <mark key={i}>{text.slice(start, end)}</mark>,
  ]);
  return [...parts, text.slice(marks.at(-1)?.[1] ?? 0)];
}
