import { IconInbox, IconSearch, IconSettings, IconUsers } from "@tabler/icons-react";
import { Link, useMatches } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import { useWebsite } from "#dashboard/data/me.ts";
import { useUnread } from "#dashboard/live/live-provider.tsx";
import { shortCount } from "#dashboard/text/words.ts";
import { AccountMenu } from "./account-menu.tsx";
import classes from "./rail.module.css";
import { WebsiteMenu } from "./website-menu.tsx";

const active = { "data-active": "" };

type Props = ComponentProps<typeof AccountMenu>;

export function Rail(menu: Props) {
  const { id: websiteId } = useWebsite();
  const unread = useUnread(websiteId);
  const inInbox = useMatches().some(match => match.routeId.includes("/inbox/"));
  return (
    <nav className={classes.rail} aria-label="Main">
      <WebsiteMenu />
      <Link
        to="/w/$websiteId/inbox/$view"
        params={{ websiteId, view: "all" }}
        className={classes.item}
        {...(inInbox && active)}
      >
        <span className={classes.icon}>
          <IconInbox size={24} stroke={1.5} />
          {unread > 0 && (
            <span className={classes.count} role="img" aria-label={`${unread} unread`}>
              {shortCount(unread)}
            </span>
          )}
        </span>
        Inbox
      </Link>
      <Link to="/w/$websiteId/search" params={{ websiteId }} className={classes.item} activeProps={active}>
        <IconSearch size={24} stroke={1.5} />
        Search
      </Link>
      <Link to="/w/$websiteId/people" params={{ websiteId }} className={classes.item} activeProps={active}>
        <IconUsers size={24} stroke={1.5} />
        People
      </Link>
      <Link to="/w/$websiteId/settings" params={{ websiteId }} className={classes.item} activeProps={active}>
        <IconSettings size={24} stroke={1.5} />
        Settings
      </Link>
      <span className={classes.space} />
      <AccountMenu {...menu} />
    </nav>
  );
}
