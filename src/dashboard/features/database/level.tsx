import { IconAlertTriangle, IconCircleCheck, IconHelpCircle, IconXboxX } from "@tabler/icons-react";
import type { HealthLevel } from "#protocol/health.ts";
import classes from "./database.module.css";
import { levelNames } from "./words.ts";

const icons = { ok: IconCircleCheck, unknown: IconHelpCircle, warn: IconAlertTriangle, error: IconXboxX };

type Props = { level: HealthLevel; size?: number; withName?: boolean };

/** A level as a shape, a colour and a word. */
export function Level({ level, size = 18, withName = false }: Props) {
  const Icon = icons[level];
  return (
    <span className={classes.level} data-level={level}>
      <Icon size={size} stroke={1.75} aria-hidden={withName} aria-label={withName ? undefined : levelNames[level]} />
      {withName && levelNames[level]}
    </span>
  );
}
