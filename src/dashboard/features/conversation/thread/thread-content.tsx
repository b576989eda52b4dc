import { memo } from "react";
import { dayName, exactTime } from "#dashboard/text/time.ts";
import { useNow } from "#dashboard/ui/use-now.ts";
import { tellEvent } from "./event-words.ts";
import { MessageGroup } from "./message-group.tsx";
import classes from "./thread-content.module.css";
import type { ThreadItem } from "./thread-items.ts";

export const ThreadContent = memo(({ items }: { items: ThreadItem[] }) =>
  items.map(item => <Item key={item.key} item={item} />),
);

function Item({ item }: { item: ThreadItem }) {
  switch (item.type) {
    case "day":
      return <Day moment={item.moment} />;
    case "continued":
      return <p className={classes.event}>A new conversation continues the one above</p>;
    case "event":
      return (
        <p className={classes.event} title={exactTime(item.message.createdAt)}>
          {tellEvent(item.message)}
        </p>
      );
    case "group":
      return <MessageGroup group={item} />;
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
