import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { AlertLevel } from "#protocol/alerts.ts";
import classes from "./alerts.module.css";
import { levelNames } from "./words.ts";

/** A level as a shape, a colour and, for screen readers, a word. */
export function LevelIcon({ level }: { level: AlertLevel }) {
  const Icon = level === "error" ? IconCircleX : IconAlertTriangle;
  return <Icon className={classes.icon} data-level={level} size={20} stroke={1.75} aria-label={levelNames[level]} />;
}
