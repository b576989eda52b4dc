import { Outlet } from "@tanstack/react-router";
import { endSession } from "#dashboard/data/api.ts";
import { LiveProvider } from "#dashboard/live/live-provider.tsx";

export const SignedIn = () => (
  <LiveProvider onSessionGone={endSession}>
    <Outlet />
  </LiveProvider>
);
