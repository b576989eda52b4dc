import { memo } from "react";
import type { Row } from "#client/text/grouping.ts";
import { dayName, exactTime } from "#dashboard/text/time.ts";
import { useNow } from "#dashboard/ui/use-now.ts";
import { describeEvent } from "./event-words.ts";
import { MessageGroup } from "./message-group.tsx";
import classes from "./thread-content.module.css";

export const ThreadContent = memo(({ rows }: { rows: Row[] }) => rows.map(row => <Item key={row.key} row={row} />));

function Item({ row }: { row: Row }) {
  switch (row.type) {
    case "day":
      return <Day moment={row.moment} />;
    case "continued":
      return <p className={classes.event}>A new conversation continues the one above</p>;
    case "event":
      return (
        <p className={classes.event} title={exactTime(row.message.createdAt)}>
          {describeEvent(row.message)}
        </p>
      );
    case "group":
      return <MessageGroup group={row} />;
  }
}

function Day({ moment }: { moment: string }) {
  const now = useNow();
  return (
    <h2 className={classes.day}>
      <time dateTime={moment}>{dayName(moment, now)}</time>
    </h2>
  );
}
