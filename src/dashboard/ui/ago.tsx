import { Tooltip } from "@mantine/core";
import { exactTime, relativeTime, shortTime } from "#dashboard/text/time.ts";
import { useNow } from "./use-now.ts";

type Props = { moment: string; short?: boolean; className?: string | undefined };

/** A moment in relative words; the exact time shows on hover. */
export function Ago({ moment, short = false, className }: Props) {
  const now = useNow();
  return (
    <Tooltip label={exactTime(moment)} openDelay={400}>
      <time dateTime={moment} className={className}>
        {short ? shortTime(moment, now) : relativeTime(moment, now)}
      </time>
    </Tooltip>
  );
}
