import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

/** Loads when somebody wants to see it. */
const QueryTable = lazy(() => import("./query-table.tsx"));

/** Slow queries, closed at first: the page above it says already whether something is wrong. */
export function Queries({ websiteId }: { websiteId: number }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <Button variant="default" onClick={() => setOpen(true)}>
        Show queries
      </Button>
    );
  return (
    <Suspense fallback={null}>
      <QueryTable websiteId={websiteId} />
    </Suspense>
  );
}
