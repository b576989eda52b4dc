import { Button } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import classes from "./continued-bar.module.css";

/** In the place of the composer: nothing is written to a conversation that another one continues. */
export function ContinuedBar({ nextId }: { nextId: string }) {
  const { websiteId, view } = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  return (
    <div className={classes.root}>
      A newer conversation continues this one.
      <Button component={Link} to={`/w/${websiteId}/inbox/${view}/${nextId}`} variant="default" size="compact-sm">
        Go there
      </Button>
    </div>
  );
}
