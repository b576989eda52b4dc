import type { ReactNode } from "react";
import { limits } from "#protocol/limits.ts";
import classes from "./length-hint.module.css";

/** The number of characters left is shown if it is lower. */
const minLeftHidden = 1_000;

const numbers = new Intl.NumberFormat();

/** How many characters of a message are left or too many; another hint while many are left. */
export function LengthHint({ length, children }: { length: number; children: ReactNode }) {
  const left = limits.messageLength - length;
  if (left >= minLeftHidden) return <span className={classes.keys}>{children}</span>;
  if (left >= 0) return <span className={classes.root}>{characters(left)} left</span>;
  return (
    <span className={classes.root} data-over role="alert">
      {characters(-left)} too many
    </span>
  );
}

const characters = (count: number): string => `${numbers.format(count)} ${count === 1 ? "character" : "characters"}`;
