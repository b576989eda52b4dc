/** @jsxImportSource #widget/dom */
import type { Sync } from "#client/sync.ts";
import type { VisitorConversation } from "#protocol/conversations.ts";
import type { Child } from "#widget/dom/jsx-runtime.ts";
import { Icon } from "./icon.tsx";
import { splitLinks } from "./links.ts";
import type { Group, Line } from "./rows.ts";
import { clock, exact } from "./times.ts";

type Actions = Pick<Sync<VisitorConversation>, "retry" | "discard">;

const stateNames = { pending: "Sending", sent: "Sent", read: "Read" };

export const MessageGroup = ({ group, sync }: { group: Group; sync: Actions }) => (
  <div class={group.own ? "group own" : "group"}>
    {group.name && <b dir="auto">{group.name}</b>}
    {group.lines.map(line => [
      <p key={line.id} dir="auto" class={line.error ? "failed" : ""}>
        {linked(line.body)}
      </p>,
      line.error && <Failure key={`${line.id} failed`} line={line} sync={sync} />,
    ])}
    {group.state !== "failed" && (
      <small>
        <time datetime={group.at} title={exact(group.at)}>
          {clock(group.at)}
        </time>
        {group.state && <Icon name={group.state} label={stateNames[group.state]} />}
      </small>
    )}
  </div>
);

const linked = (body: string): Child =>
  splitLinks(body).map(part =>
    typeof part === "string" ? (
      part
    ) : (
      <a key={part.href} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    ),
  );

const Failure = ({ line, sync }: { line: Line; sync: Actions }) => (
  <div class="failure" role="alert">
    Not sent. {line.error!.message}
    <button type="button" onClick={() => sync.retry(line.id)}>
      Try again
    </button>
    <button type="button" onClick={() => sync.discard(line.id)}>
      Discard
    </button>
  </div>
);
