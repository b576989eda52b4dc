import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { explain } from "#dashboard/data/api.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import type { Visitor } from "#protocol/visitors.ts";
import { CopyableId } from "./copyable-id.tsx";
import classes from "./details.module.css";
import { Fact } from "./fact.tsx";
import { VisitorFacts } from "./visitor-facts.tsx";

type VisitorProps = { visitor: Visitor | null; error: unknown; onRetry: () => void };
type Props = VisitorProps & { row: Conversation; tags: ReactNode; end: ReactNode };

export const Details = ({ row, tags, end, ...visitor }: Props) => (
  <div className={classes.root}>
    <Part title="Visitor">
      <VisitorPart {...visitor} />
    </Part>
    <Part title="Tags">
      <div className={classes.tags}>{tags}</div>
    </Part>
    <Part title="Conversation">
      <dl className={classes.facts}>
        <Fact name="Status">{row.status === "open" ? "Open" : "Resolved"}</Fact>
        <Fact name="Assigned to">{row.assignee?.name ?? "No agent"}</Fact>
        <Fact name="Started">
          <Ago moment={row.createdAt} />
        </Fact>
        <Fact name="Id">
          <CopyableId id={row.id} />
        </Fact>
      </dl>
    </Part>
    {end && <div>{end}</div>}
  </div>
);

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title}>
    <h2 className={classes.title}>{title}</h2>
    {children}
  </section>
);

function VisitorPart({ visitor, error, onRetry }: VisitorProps) {
  if (visitor) return <VisitorFacts visitor={visitor} />;
  if (!error) return <Loading />;
  return (
    <div className={classes.failure} role="alert">
      {explain(error)}
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

const Loading = () => (
  <div className={classes.facts} role="status" aria-label="Loading the visitor">
    {[60, 80, 50, 70, 40].map(width => (
      <Skeleton key={width} height={12} width={`${width}%`} my={12} />
    ))}
  </div>
);
