import { useEffect, useState } from "react";
import { useLiveStatus } from "#dashboard/live/live-provider.tsx";
import classes from "./connection-bar.module.css";

/** A shorter loss is not shown. */
const minLostMs = 1_500;

export function ConnectionBar() {
  const lost = useLasting(useLiveStatus() !== "online");
  return (
    <div role="status">
      {lost && (
        <p className={classes.bar}>
          No connection to the server. We keep trying. What you write is kept, and sent when the connection is back.
        </p>
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
