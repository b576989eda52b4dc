import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { PanelBoundary } from "#dashboard/ui/panel-boundary.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import { useTitle } from "#dashboard/ui/use-title.ts";
import type { InboxView } from "#protocol/inbox.ts";
import { InboxList } from "./inbox-list.tsx";
import classes from "./inbox-page.module.css";
import { InboxTabs } from "./inbox-tabs.tsx";

/** The list beside the conversation; on a phone one of them at a time. */
export function InboxPage() {
  const { websiteId, view } = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  const { conversationId } = useParams({ strict: false });
  const navigate = useNavigate();
  const show = (next: InboxView) => () =>
    void navigate({ to: "/w/$websiteId/inbox/$view", params: { websiteId, view: next } });
  useKeys({ "1": show("all"), "2": show("mine"), "3": show("unassigned"), "4": show("resolved") });
  useTitle("Inbox");

  return (
    <div className={classes.root} data-reading={conversationId ? "" : undefined}>
      <section className={classes.list} aria-label="Inbox">
        <InboxTabs />
        <PanelBoundary key={view} what="The list could not be shown">
          <InboxList key={`${websiteId}/${view}`} websiteId={websiteId} view={view} chosenId={conversationId ?? null} />
        </PanelBoundary>
      </section>
      <main className={classes.pane}>
        <PanelBoundary key={conversationId} what="The conversation could not be shown">
          <Outlet />
        </PanelBoundary>
      </main>
    </div>
  );
}
