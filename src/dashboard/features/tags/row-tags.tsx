import type { Conversation } from "#protocol/conversations.ts";
import classes from "./row-tags.module.css";
import { TagChip } from "./tag-chip.tsx";
import { tagsOn, useTags } from "./tags.ts";

const maxShown = 2;

/** The tags of a conversation in the inbox: the first two, and how many more there are. */
export function RowTags({ row }: { row: Conversation }) {
  const tags = tagsOn(row, useTags(row.websiteId).data ?? []);
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
