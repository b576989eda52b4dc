import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useLive, useLiveStatus } from "#dashboard/live/live-provider.tsx";
import classes from "./connection-bar.module.css";

/** A shorter loss is not shown. */
const minLostMs = 1_500;

/** Shows that the connection is lost, that the server refuses this page, or that the page is too old for the server. */
export function ConnectionBar() {
  const status = useLiveStatus();
  const refusal = useLive().getRefusal();
  const isLost = useLasting(status !== "online");
  return (
    <div role="status">
      {status === "outdated" ? (
        <Final>This page is older than the server. What you write is kept.</Final>
      ) : refusal ? (
        <Final>{refusal} What you write is kept.</Final>
      ) : (
        isLost && (
          <div className={classes.bar}>
            No connection to the server. We keep trying. What you write is kept, and sent when the connection is back.
          </div>
        )
      )}
    </div>
  );
}

/** Waiting does not help. */
const Final = ({ children }: { children: ReactNode }) => (
  <div className={classes.bar}>
    <span>{children}</span>
    <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
      Reload the page
    </Button>
  </div>
);

function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(now), now ? minLostMs : 0);
    return () => clearTimeout(timer);
  }, [now]);
  return now && lasting;
}
