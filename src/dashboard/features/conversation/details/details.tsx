import { ActionIcon, Button, CopyButton, Skeleton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { isWebPage } from "#client/text/links.ts";
import { explain } from "#dashboard/data/api.ts";
import { visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { OnlineDot } from "#dashboard/ui/person.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import type { Visitor } from "#protocol/visitors.ts";
import classes from "./details.module.css";
import { browserOf } from "./user-agent.ts";

type Props = { row: Conversation; visitor: Visitor | null; error: unknown; onRetry: () => void };

export const Details = ({ row, visitor, error, onRetry }: Props) => (
  <div className={classes.root}>
    <section aria-label="Visitor">
      <h2 className={classes.title}>Visitor</h2>
      {visitor ? <VisitorFacts visitor={visitor} /> : error ? <Unknown error={error} onRetry={onRetry} /> : <Loading />}
    </section>
    <section aria-label="Conversation">
      <h2 className={classes.title}>Conversation</h2>
      <dl className={classes.facts}>
        <Fact name="Status">{row.status === "open" ? "Open" : "Resolved"}</Fact>
        <Fact name="Assigned to">{row.assignee?.name ?? "Nobody"}</Fact>
        <Fact name="Started">
          <Ago moment={row.createdAt} />
        </Fact>
        <Fact name="Id">
          <CopyableId id={row.id} />
        </Fact>
      </dl>
    </section>
  </div>
);

function VisitorFacts({ visitor }: { visitor: Visitor }) {
  const browser = visitor.userAgent && (browserOf(visitor.userAgent) ?? visitor.userAgent);
  return (
    <dl className={classes.facts}>
      <Fact name="Name">{visitorName(visitor)}</Fact>
      <Fact name="Email">{visitor.email && <a href={`mailto:${visitor.email}`}>{visitor.email}</a>}</Fact>
      <Fact name="External id">{visitor.externalId}</Fact>
      <Fact name={visitor.online ? "Now on" : "Last page"}>
        {visitor.pageUrl && <PageLink url={visitor.pageUrl} title={visitor.pageTitle} />}
      </Fact>
      <Fact name="Browser">{browser && <span title={visitor.userAgent ?? undefined}>{browser}</span>}</Fact>
      <Fact name="Language">{visitor.language && languageName(visitor.language)}</Fact>
      <Fact name="First visit">
        <Ago moment={visitor.firstSeenAt} />
      </Fact>
      <Fact name="Last visit">
        {visitor.online ? (
          <span className={classes.online}>
            <OnlineDot /> Online now
          </span>
        ) : (
          <Ago moment={visitor.lastSeenAt} />
        )}
      </Fact>
    </dl>
  );
}

/** A fact that is not known is not shown. */
const Fact = ({ name, children }: { name: string; children: ReactNode }) =>
  children ? (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  ) : null;

function PageLink({ url, title }: { url: string; title: string | null }) {
  if (!isWebPage(url)) return url;
  return (
    <>
      <a href={url} target="_blank" rel="noopener noreferrer">
        {title || url}
      </a>
      {title && <span className={classes.address}>{url.replace(/^https?:\/\//, "")}</span>}
    </>
  );
}

function CopyableId({ id }: { id: string }) {
  return (
    <span className={classes.id}>
      <code title={id}>{id}</code>
      <CopyButton value={id} timeout={2_000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : "Copy the id"}>
            <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label="Copy the id">
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}

const Unknown = ({ error, onRetry }: { error: unknown; onRetry: () => void }) => (
  <div className={classes.unknown} role="alert">
    {explain(error)}
    <Button size="compact-sm" variant="default" onClick={onRetry}>
      Try again
    </Button>
  </div>
);

const Loading = () => (
  <div className={classes.facts} role="status" aria-label="Loading the visitor">
    {[60, 80, 50, 70, 40].map(width => (
      <Skeleton key={width} height={12} width={`${width}%`} my={12} />
    ))}
  </div>
);

function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(tag) ?? tag;
  } catch {
    // Browsers send what their users typed into the settings.
    return tag;
  }
}
