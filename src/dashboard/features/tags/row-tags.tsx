import { type ReactNode, useCallback } from "react";
import type { Conversation } from "#protocol/conversations.ts";
import type { Tag } from "#protocol/tags.ts";
import classes from "./row-tags.module.css";
import { TagChip } from "./tag-chip.tsx";
import { tagsOn, useTags } from "./tags.ts";

const maxShown = 2;
const none: Tag[] = [];

/** Draws the tags of a conversation for its row in the inbox; null when it has none. */
export function useRowTags(websiteId: number): (row: Conversation) => ReactNode {
  const all = useTags(websiteId).data ?? none;
  return useCallback(
    row => {
      const tags = tagsOn(row, all);
      return tags.length ? <RowTags tags={tags} /> : null;
    },
    [all],
  );
}

/** The first two, and how many more there are. */
function RowTags({ tags }: { tags: Tag[] }) {
  const hidden = tags.slice(maxShown);
  return (
    <span className={classes.root}>
      {tags.slice(0, maxShown).map(tag => (
        <TagChip key={tag.id} tag={tag} />
      ))}
      {hidden.length > 0 && (
        <span className={classes.more} title={hidden.map(tag => tag.name).join(", ")}>
          +{hidden.length}
        </span>
      )}
    </span>
  );
}
