import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useLiveStatus } from "#dashboard/live/live-provider.tsx";
import classes from "./connection-bar.module.css";

/** A shorter loss is not shown. */
const minLostMs = 1_500;

/** Shows that the connection is lost, or that the page is too old for the server. */
export function ConnectionBar() {
  const status = useLiveStatus();
  const isLost = useLasting(status !== "online");
  return (
    <div role="status">
      {status === "outdated" ? (
        <div className={classes.bar}>
          This page is older than the server. What you write is kept.
          <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
            Reload the page
          </Button>
        </div>
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

function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(now), now ? minLostMs : 0);
    return () => clearTimeout(timer);
  }, [now]);
  return now && lasting;
}
