import { notifications } from "@mantine/notifications";
import { explain } from "#dashboard/data/api.ts";
import type { HealthFix } from "#protocol/health.ts";
import { useMend } from "./health.ts";

/** Asks the server to mend something, and says so. */
export function usePress(websiteId: number): { press(fix: HealthFix): void; isPending: boolean } {
  const mend = useMend(websiteId);
  return {
    press: fix =>
      mend.mutate(fix, {
        onSuccess: () => notifications.show({ message: "The server works on it. This page shows when it is done." }),
        onError: error => notifications.show({ color: "red", message: explain(error) }),
      }),
    isPending: mend.isPending,
  };
}
