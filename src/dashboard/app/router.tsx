import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { isSessionGone } from "#dashboard/data/api.ts";
import { DatabaseAway, orLastReport } from "#dashboard/data/last-report.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { queries } from "#dashboard/data/queries.ts";
import { setupOptions } from "#dashboard/data/setup-status.ts";
import { healthOptions } from "#dashboard/features/database/health.ts";
import { PageError } from "#dashboard/ui/page-error.tsx";
import { PageLoading } from "#dashboard/ui/page-loading.tsx";
import { PageNotFound } from "#dashboard/ui/page-not-found.tsx";
import { auditActions } from "#protocol/audit-actions.ts";
import { inboxViews } from "#protocol/inbox-views.ts";
import { matching, oneOf, searchOf, uuid } from "./search.ts";
import { NoWebsites } from "./shell/no-website.tsx";
import { SettingsShell } from "./shell/settings-shell.tsx";
import { SignedIn } from "./shell/signed-in.tsx";
import { WebsiteShell } from "./shell/website-shell.tsx";

/** Of the page that opens also while the database is away. */
const databasePath = "/settings/database";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });

const setupSearch = searchOf({ code: matching(/./) });

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: setupSearch,
  async beforeLoad({ context }) {
    const { needed } = await context.queries.fetchQuery(setupOptions);
    if (!needed) throw redirect({ to: "/sign-in", search: { reason: "set-up" } });
  },
  component: lazyRouteComponent(() => import("#dashboard/features/setup/setup-page.tsx"), "SetupPage"),
});

const signInSearch = searchOf({
  // An address of this site only: "//elsewhere.example" would lead away.
  back: matching(/^\/(?![/\\])/),
  reason: oneOf(["ended", "signed-out", "set-up"]),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  async beforeLoad({ context, search }) {
    if (search.reason) return;
    const { needed } = await context.queries.fetchQuery(setupOptions);
    if (needed) throw redirect({ to: "/setup" });
    const me = await context.queries.fetchQuery({ ...meOptions, staleTime: 0 }).catch(() => null);
    if (me) throw redirect({ href: search.back ?? "/" });
  },
  component: lazyRouteComponent(() => import("#dashboard/features/sign-in/sign-in-page.tsx"), "SignInPage"),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite/$token",
  component: lazyRouteComponent(() => import("#dashboard/features/invitation/invitation-page.tsx"), "InvitationPage"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  async beforeLoad({ context, location }) {
    const me = context.queries.ensureQueryData(meOptions);
    try {
      await (location.pathname.endsWith(databasePath) ? orLastReport(me) : me);
    } catch (error) {
      if (!isSessionGone(error)) throw error;
      const back = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/sign-in", search: { back } });
    }
  },
  component: SignedIn,
  errorComponent: SignedInError,
});

/** Who is signed in cannot be known while the database is away; what the server found last can be shown. */
function SignedInError({ error }: { error: unknown }) {
  if (!(error instanceof DatabaseAway)) return <PageError error={error} />;
  return (
    <Suspense fallback={<PageLoading />}>
      <LastReport report={error.report} />
    </Suspense>
  );
}

const LastReport = lazy(() => import("#dashboard/features/database/last-report.tsx"));

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  async beforeLoad({ context }) {
    const { websites } = await context.queries.ensureQueryData(meOptions);
    const first = websites[0];
    if (first) throw redirect({ to: "/w/$websiteId/inbox/$view", params: { websiteId: first.id, view: "all" } });
  },
  component: NoWebsites,
});

const newWebsite = createRoute({
  getParentRoute: () => signedIn,
  path: "/w/new",
  component: lazyRouteComponent(() => import("#dashboard/features/new-website/new-website-page.tsx"), "NewWebsitePage"),
});

const deletedWebsites = createRoute({
  getParentRoute: () => signedIn,
  path: "/deleted-websites",
  component: lazyRouteComponent(
    () => import("#dashboard/features/trash/deleted-websites-page.tsx"),
    "DeletedWebsitesPage",
  ),
});

const website = createRoute({
  getParentRoute: () => signedIn,
  path: "/w/$websiteId",
  params: {
    parse: ({ websiteId }) => ({ websiteId: Number(websiteId) }),
    stringify: ({ websiteId }) => ({ websiteId: String(websiteId) }),
  },
  component: WebsiteShell,
});

const websiteHome = createRoute({
  getParentRoute: () => website,
  path: "/",
  beforeLoad({ params }) {
    throw redirect({ to: "/w/$websiteId/inbox/$view", params: { websiteId: params.websiteId, view: "all" } });
  },
});

const inboxSearch = searchOf({ tag: uuid });

const inbox = createRoute({
  getParentRoute: () => website,
  path: "/inbox/$view",
  params: {
    parse: ({ view }) => ({ view: oneOf(inboxViews)(view) ?? "all" }),
    stringify: ({ view }) => ({ view }),
  },
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import("./pages/inbox.tsx"), "Inbox"),
});

const nothingChosen = createRoute({
  getParentRoute: () => inbox,
  path: "/",
  component: lazyRouteComponent(() => import("#dashboard/features/inbox/nothing-chosen.tsx"), "NothingChosen"),
});

const conversation = createRoute({
  getParentRoute: () => inbox,
  path: "$conversationId",
  params: {
    // Everything compares ids in lower case.
    parse: ({ conversationId }) => ({ conversationId: conversationId.toLowerCase() }),
    stringify: ({ conversationId }) => ({ conversationId }),
  },
  component: lazyRouteComponent(() => import("./pages/conversation.tsx"), "Conversation"),
});

const search = createRoute({
  getParentRoute: () => website,
  path: "/search",
  validateSearch: searchOf({ q: matching(/\S/) }),
  component: lazyRouteComponent(() => import("./pages/search.tsx"), "Search"),
});

const people = createRoute({
  getParentRoute: () => website,
  path: "/people",
  component: lazyRouteComponent(() => import("#dashboard/features/people/people-page.tsx"), "PeoplePage"),
});

const settings = createRoute({
  getParentRoute: () => website,
  path: "/settings",
  component: SettingsShell,
});

const websiteSettings = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/website-settings.tsx"), "WebsiteSettings"),
});

const tags = createRoute({
  getParentRoute: () => settings,
  path: "/tags",
  component: lazyRouteComponent(() => import("#dashboard/features/tags/tags-page.tsx"), "TagsPage"),
});

const replies = createRoute({
  getParentRoute: () => settings,
  path: "/replies",
  component: lazyRouteComponent(() => import("#dashboard/features/canned-replies/replies-page.tsx"), "RepliesPage"),
});

const auditSearch = searchOf({ person: uuid, action: oneOf(auditActions) });

const retention = createRoute({
  getParentRoute: () => settings,
  path: "/retention",
  component: lazyRouteComponent(() => import("#dashboard/features/retention/retention-page.tsx"), "RetentionPage"),
});

const trash = createRoute({
  getParentRoute: () => settings,
  path: "/trash",
  component: lazyRouteComponent(() => import("#dashboard/features/trash/trash-page.tsx"), "TrashPage"),
});

const privacy = createRoute({
  getParentRoute: () => settings,
  path: "/privacy",
  component: lazyRouteComponent(() => import("#dashboard/features/privacy/privacy-page.tsx"), "PrivacyPage"),
});

const exportsRoute = createRoute({
  getParentRoute: () => settings,
  path: "/exports",
  component: lazyRouteComponent(() => import("#dashboard/features/exports/exports-page.tsx"), "ExportsPage"),
});

const audit = createRoute({
  getParentRoute: () => settings,
  path: "/audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("#dashboard/features/audit/audit-page.tsx"), "AuditPage"),
});

const database = createRoute({
  getParentRoute: () => settings,
  path: "/database",
  // The report comes while the page's code does.
  loader: ({ context, params }) => void context.queries.prefetchQuery(healthOptions(params.websiteId)),
  component: lazyRouteComponent(() => import("#dashboard/features/database/database-page.tsx"), "DatabasePage"),
});

const alerts = createRoute({
  getParentRoute: () => settings,
  path: "/alerts",
  component: lazyRouteComponent(() => import("#dashboard/features/alerts/alerts-page.tsx"), "AlertsPage"),
});

const backups = createRoute({
  getParentRoute: () => settings,
  path: "/backups",
  component: lazyRouteComponent(() => import("#dashboard/features/backups/backups-page.tsx"), "BackupsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    signIn,
    invite,
    signedIn.addChildren([
      home,
      newWebsite,
      deletedWebsites,
      website.addChildren([
        websiteHome,
        inbox.addChildren([nothingChosen, conversation]),
        search,
        people,
        settings.addChildren([
          websiteSettings,
          replies,
          tags,
          exportsRoute,
          retention,
          privacy,
          trash,
          audit,
          backups,
          database,
          alerts,
        ]),
      ]),
    ]),
  ]),
  context: { queries },
  defaultPreload: "intent",
  defaultErrorComponent: PageError,
  defaultPendingComponent: PageLoading,
  defaultNotFoundComponent: PageNotFound,
  defaultStructuralSharing: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
