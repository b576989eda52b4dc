import { Link, Outlet } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { isAdmin, useMe, useWebsite } from "#dashboard/data/me.ts";
import { Page } from "#dashboard/ui/page.tsx";
import type { Website } from "#protocol/websites.ts";
import classes from "./settings-shell.module.css";

/** For everybody, admins and owners, or the operators of the server. */
type For = "agent" | "admin" | "operator";

const groups = [
  {
    name: "Website",
    pages: [
      ["General", "/w/$websiteId/settings", "agent"],
      ["Replies", "/w/$websiteId/settings/replies", "agent"],
      ["Tags", "/w/$websiteId/settings/tags", "agent"],
    ],
  },
  {
    name: "Data",
    pages: [
      ["Privacy", "/w/$websiteId/settings/privacy", "admin"],
      ["Retention", "/w/$websiteId/settings/retention", "admin"],
      ["Exports", "/w/$websiteId/settings/exports", "admin"],
      ["Trash", "/w/$websiteId/settings/trash", "admin"],
      ["Audit log", "/w/$websiteId/settings/audit", "admin"],
    ],
  },
  {
    name: "Server",
    pages: [
      ["Database", "/w/$websiteId/settings/database", "operator"],
      ["Alerts", "/w/$websiteId/settings/alerts", "operator"],
      ["Backups", "/w/$websiteId/settings/backups", "operator"],
    ],
  },
] as const satisfies { name: string; pages: [label: string, to: string, who: For][] }[];

type Path = (typeof groups)[number]["pages"][number][1];

/** The frame of the settings: the title, and a link to each page that the agent may see. */
export function SettingsShell() {
  const website = useWebsite();
  return (
    <Page title="Settings" lead={website.name} nav={<Pages website={website} />}>
      <Outlet />
    </Page>
  );
}

function Pages({ website }: { website: Website }) {
  const mayRead = useMayRead(website);
  const shown = groups.map(({ name, pages }) => ({ name, pages: pages.filter(([, , who]) => mayRead(who)) }));
  return (
    <nav className={classes.nav} aria-label="Settings">
      {shown.map(
        ({ name, pages }) =>
          pages.length > 0 && (
            <div key={name} className={classes.group}>
              <div className={classes.name}>{name}</div>
              {pages.map(([label, to]) => (
                <PageLink key={label} label={label} to={to} websiteId={website.id} />
              ))}
            </div>
          ),
      )}
    </nav>
  );
}

function useMayRead(website: Website): (who: For) => boolean {
  const { isOperator } = useMe();
  return who => who === "agent" || (who === "operator" ? isOperator : isAdmin(website));
}

type PageLinkProps = { label: string; to: Path; websiteId: number };

/** On a phone the links are in one line, and the one of the open page is moved into sight. */
function PageLink({ label, to, websiteId }: PageLinkProps) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (link.current?.ariaCurrent === "page") link.current.scrollIntoView({ block: "nearest", inline: "center" });
  }, []);
  return (
    <Link
      ref={link}
      to={to}
      params={{ websiteId }}
      className={classes.link}
      activeOptions={{ exact: to === "/w/$websiteId/settings" }}
    >
      {label}
    </Link>
  );
}
