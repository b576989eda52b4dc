import { Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PanelBoundary } from "#dashboard/ui/panel-boundary.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import { useTitle } from "#dashboard/ui/use-title.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { InboxView } from "#protocol/inbox.ts";
import { InboxList } from "./inbox-list.tsx";
import classes from "./inbox-page.module.css";
import { InboxTabs } from "./inbox-tabs.tsx";

const route = "/signed-in/w/$websiteId/inbox/$view";

type Props = {
  /** stands between the views and the list */
  filter: ReactNode;
  /** the last line of a row; null for none */
  tagsOf: (row: Conversation) => ReactNode;
};

/** The list beside the conversation; on a phone one of them at a time. */
export function InboxPage({ filter, tagsOf }: Props) {
  const { websiteId, view } = useParams({ from: route });
  const { tag: tagId } = useSearch({ from: route });
  const { conversationId } = useParams({ strict: false });
  const navigate = useNavigate();
  const show = (next: InboxView) => () =>
    void navigate({ to: "/w/$websiteId/inbox/$view", params: { websiteId, view: next }, search: true });
  useKeys({ "1": show("all"), "2": show("mine"), "3": show("unassigned"), "4": show("resolved") });
  useTitle("Inbox");

  const listKey = `${websiteId}/${view}/${tagId}`;
  return (
    <div className={classes.root} data-reading={conversationId ? "" : undefined}>
      <section className={classes.list} aria-label="Inbox">
        <InboxTabs />
        {filter}
        <PanelBoundary key={listKey} what="The list could not be shown">
          <InboxList list={{ websiteId, view, tagId }} chosenId={conversationId ?? null} tagsOf={tagsOf} />
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
