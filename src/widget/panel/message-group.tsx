/** @jsxImportSource #widget/dom */
import type { Sync } from "#client/sync.ts";
import { deliveryOf, type Group, type Line } from "#client/text/grouping.ts";
import { splitLinks } from "#client/text/links.ts";
import type { VisitorConversation } from "#protocol/conversations.ts";
import type { Child } from "#widget/dom/jsx-runtime.ts";
import { Icon } from "./icon.tsx";
import { clock, exact } from "./times.ts";

type Actions = Pick<Sync<VisitorConversation>, "retry" | "discard">;

const stateNames = { pending: "Sending", sent: "Sent", read: "Read" };

type Props = { group: Group; sync: Actions; agentReadSeq: number };

export function MessageGroup({ group, sync, agentReadSeq }: Props) {
  const isOwn = group.author === "visitor";
  const last = group.lines.at(-1)!;
  const delivery = deliveryOf(last, agentReadSeq);
  return (
    <div class={isOwn ? "group own" : "group"}>
      {!isOwn && group.authorName && <b dir="auto">{group.authorName}</b>}
      {group.lines.map(line => (
        <p key={line.id} dir="auto" class={line.error ? "failed" : ""}>
          {linked(line.body)}
        </p>
      ))}
      {delivery === "failed" ? (
        <Failure line={last} sync={sync} />
      ) : (
        <small>
          <time datetime={last.createdAt} title={exact(last.createdAt)}>
            {clock(last.createdAt)}
          </time>
          {isOwn && <Icon name={delivery} label={stateNames[delivery]} />}
        </small>
      )}
    </div>
  );
}

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
