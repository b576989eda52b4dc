import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useMe } from "#dashboard/data/me.ts";
import { useNotifications, usePreferenceStore } from "#dashboard/features/notifications/use-notifications.ts";
import { useTagEvents } from "#dashboard/features/tags/tags.ts";
import { PanelBoundary } from "#dashboard/ui/panel-boundary.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import { ConnectionBar } from "./connection-bar.tsx";
import { NoSuchWebsite } from "./no-website.tsx";
import { Rail } from "./rail.tsx";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";
import classes from "./website-shell.module.css";

const NotificationsDialog = lazy(async () => ({
  default: (await import("#dashboard/features/notifications/notifications-dialog.tsx")).NotificationsDialog,
}));

export function WebsiteShell() {
  const { websiteId } = useParams({ from: "/signed-in/w/$websiteId" });
  const { websites } = useMe();
  if (!websites.some(website => website.id === websiteId)) return <NoSuchWebsite />;
  return <Shell websiteId={websiteId} />;
}

/** The parts that stay from page to page: the rail, the state of the connection, the list of shortcuts. */
function Shell({ websiteId }: { websiteId: number }) {
  const { conversationId } = useParams({ strict: false });
  const [showsShortcuts, shortcuts] = useDisclosure();
  const [showsNotifications, notifications] = useDisclosure();
  const preferences = usePreferenceStore();
  const navigate = useNavigate();
  const search = () => void navigate({ to: "/w/$websiteId/search", params: { websiteId }, search: {} });
  useKeys({ "?": shortcuts.open, "/": search });
  useHotkeys([["mod+K", search]], []);
  useTagEvents(websiteId);
  useNotifications(preferences);
  return (
    <div className={classes.root} data-reading={conversationId ? "" : undefined}>
      <Rail onShortcuts={shortcuts.open} onNotifications={notifications.open} />
      <div className={classes.content}>
        <ConnectionBar />
        <div className={classes.page}>
          <PanelBoundary key={websiteId} what="This page could not be shown">
            <Outlet />
          </PanelBoundary>
        </div>
      </div>
      <ShortcutsDialog opened={showsShortcuts} onClose={shortcuts.close} />
      {showsNotifications && (
        <Suspense>
          <NotificationsDialog store={preferences} onClose={notifications.close} />
        </Suspense>
      )}
    </div>
  );
}
