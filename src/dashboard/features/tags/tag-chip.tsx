import type { CSSProperties } from "react";
import type { Tag } from "#protocol/tags.ts";
import classes from "./tag-chip.module.css";

type Props = { tag: Tag; onRemove?: () => void };

/** A tag in its colour. Any colour may be chosen, so the text stands on a light tint of it and stays readable. */
export const TagChip = ({ tag, onRemove }: Props) => (
  <span className={classes.chip} style={{ "--tag": tag.colour } as CSSProperties} title={tag.name}>
    <span className={classes.name}>{tag.name}</span>
    {onRemove && (
      <button type="button" className={classes.remove} aria-label={`Remove the tag ${tag.name}`} onClick={onRemove}>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M3 3l6 6M9 3l-6 6" />
        </svg>
      </button>
    )}
  </span>
);
