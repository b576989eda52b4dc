import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { isRefusal } from "#client/api.ts";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { healthOptions } from "#dashboard/features/database/health.ts";
import { Page } from "#dashboard/ui/page.tsx";
import classes from "./settings-shell.module.css";

/** The frame of a website's settings: the title, and a tab for each page. */
export function SettingsShell() {
  const website = useWebsite();
  const params = { websiteId: website.id };
  // Only the first website of a server has it: the server knows which one that is.
  const { error } = useQuery({ ...healthOptions(website.id), enabled: isAdmin(website) });
  const isForbidden = isRefusal(error) && error.code === "forbidden";
  return (
    <Page title="Settings" lead={website.name}>
      <nav className={classes.tabs} aria-label="Settings">
        <Link to="/w/$websiteId/settings" params={params} className={classes.tab} activeOptions={{ exact: true }}>
          Website
        </Link>
        <Link to="/w/$websiteId/settings/replies" params={params} className={classes.tab}>
          Replies
        </Link>
        <Link to="/w/$websiteId/settings/tags" params={params} className={classes.tab}>
          Tags
        </Link>
        {isAdmin(website) && (
          <>
            <Link to="/w/$websiteId/settings/retention" params={params} className={classes.tab}>
              Retention
            </Link>
            <Link to="/w/$websiteId/settings/privacy" params={params} className={classes.tab}>
              Privacy
            </Link>
            <Link to="/w/$websiteId/settings/exports" params={params} className={classes.tab}>
              Exports
            </Link>
            <Link to="/w/$websiteId/settings/trash" params={params} className={classes.tab}>
              Trash
            </Link>
            <Link to="/w/$websiteId/settings/audit" params={params} className={classes.tab}>
              Audit log
            </Link>
            {!isForbidden && (
              <Link to="/w/$websiteId/settings/database" params={params} className={classes.tab}>
                Database
              </Link>
            )}
          </>
        )}
        {website.role === "owner" && (
          <Link to="/w/$websiteId/settings/backups" params={params} className={classes.tab}>
            Backups
          </Link>
        )}
      </nav>
      <Outlet />
    </Page>
  );
}
