import { Avatar, Tooltip } from "@mantine/core";
import { initials } from "#dashboard/text/words.ts";
import type { Availability } from "#protocol/agents.ts";
import classes from "./person.module.css";

type Props = {
  name: string;
  size?: number;
  availability?: Availability;
  /** shows at the pointer; null: nothing, what stands around says it */
  hint?: string | null;
};

/** The initials of an agent, with their availability. */
export function Person({ name, size = 32, availability, hint = name }: Props) {
  return (
    <Tooltip label={hint} openDelay={400} disabled={!hint}>
      <span className={classes.root}>
        <Avatar size={size} radius={size} variant="default" className={classes.initials} alt={hint ?? name}>
          {initials(name)}
        </Avatar>
        {availability === "online" && <OnlineDot className={classes.dot} />}
        {availability === "away" && <AwayRing className={classes.dot} />}
      </span>
    </Tooltip>
  );
}

export const OnlineDot = ({ className }: { className?: string | undefined }) => (
  <span role="img" aria-label="online now" title="Online now" className={`${classes.online} ${className ?? ""}`} />
);

/** Also another shape: not every reader sees the difference of colour. */
const AwayRing = ({ className }: { className?: string | undefined }) => (
  <span role="img" aria-label="away" title="Away" className={`${classes.away} ${className ?? ""}`} />
);
