import type { QueryClient } from "@tanstack/react-query";
import type { AnyRouter } from "@tanstack/react-router";
import { onSignedOut } from "./api.ts";
import { meOptions } from "./me.ts";

/** Opens the sign-in page, once, when the server no longer accepts a session that was valid before. */
export function endSessionsWith(router: AnyRouter, queries: QueryClient): void {
  let ending = false;
  onSignedOut(async () => {
    if (ending || !queries.getQueryData(meOptions.queryKey)) return;
    ending = true;
    await router.navigate({ to: "/sign-in", search: { reason: "ended", back: router.state.location.href } });
    queries.clear();
    ending = false;
  });
}
