import { Link, useParams } from "@tanstack/react-router";
import { useLiveState } from "#dashboard/live/live-provider.tsx";
import { shortCount } from "#dashboard/text/words.ts";
import classes from "./inbox-tabs.module.css";
import { views } from "./views.tsx";

export function InboxTabs() {
  const { websiteId, view } = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  const counts = useLiveState(state => state.counts[websiteId]);
  return (
    <nav className={classes.root} aria-label="Views of the inbox">
      {views.map(({ id, name }) => {
        const count = id === "resolved" ? 0 : (counts?.[id] ?? 0);
        return (
          <Link
            key={id}
            to="/w/$websiteId/inbox/$view"
            params={{ websiteId, view: id }}
            search
            className={classes.tab}
            aria-current={id === view ? "page" : undefined}
          >
            {name}
            {count > 0 && (
              <span className={classes.count}>
                {shortCount(count)}
                <span className={classes.hidden}> unread</span>
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
