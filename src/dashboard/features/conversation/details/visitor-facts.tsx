import { isWebPage } from "#client/text/links.ts";
import { visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { OnlineDot } from "#dashboard/ui/person.tsx";
import type { Visitor } from "#protocol/visitors.ts";
import classes from "./details.module.css";
import { Fact } from "./fact.tsx";
import { browserOf } from "./user-agent.ts";

export const VisitorFacts = ({ visitor }: { visitor: Visitor }) => (
  <dl className={classes.facts}>
    <Fact name="Name">{visitorName(visitor)}</Fact>
    <Fact name="Email">{visitor.email && <EmailAddress visitor={visitor} email={visitor.email} />}</Fact>
    <Fact name="External id">{visitor.externalId}</Fact>
    <Fact name={visitor.online ? "Now on" : "Last page"}>
      {visitor.pageUrl && <PageLink url={visitor.pageUrl} title={visitor.pageTitle} />}
    </Fact>
    <Fact name="Browser">{visitor.userAgent && <Browser userAgent={visitor.userAgent} />}</Fact>
    <Fact name="Language">{visitor.language && languageName(visitor.language)}</Fact>
    {Object.entries(visitor.attributes).map(([name, value]) => (
      <Fact key={name} name={name}>{`${value}`}</Fact>
    ))}
    <Fact name="Privacy notice">
      {visitor.noticeAcceptedAt && (
        <>
          accepted <Ago moment={visitor.noticeAcceptedAt} />
        </>
      )}
    </Fact>
    <Fact name="Restricted">{visitor.restrictedAt && <Ago moment={visitor.restrictedAt} />}</Fact>
    <Fact name="First visit">
      <Ago moment={visitor.firstSeenAt} />
    </Fact>
    <Fact name="Last visit">{visitor.online ? <OnlineNow /> : <Ago moment={visitor.lastSeenAt} />}</Fact>
  </dl>
);

const EmailAddress = ({ visitor, email }: { visitor: Visitor; email: string }) => (
  <>
    <a href={`mailto:${email}`}>{email}</a>
    {visitor.emailLeftAt && (
      <span className={classes.unproven}>
        Typed by the visitor <Ago moment={visitor.emailLeftAt} />, not proven
      </span>
    )}
  </>
);

const OnlineNow = () => (
  <span className={classes.online}>
    <OnlineDot /> Online now
  </span>
);

const Browser = ({ userAgent }: { userAgent: string }) => (
  <span title={userAgent}>{browserOf(userAgent) ?? userAgent}</span>
);

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

function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(tag) ?? tag;
  } catch {
    // Not every browser sends a valid language tag: some send what their user typed into the settings.
    return tag;
  }
}
