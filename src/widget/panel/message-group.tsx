/** @jsxImportSource #widget/dom */
import { deliveryOf, type Group, type Line } from "#client/text/grouping.ts";
import { splitLinks } from "#client/text/links.ts";
import { visitorEditMs } from "#protocol/client-limits.ts";
import type { Chat } from "#widget/chat/chat.ts";
import { edit } from "#widget/chat/composing.ts";
import type { Child } from "#widget/dom/jsx-runtime.ts";
import { Icon } from "./icon.tsx";
import { clock, exact } from "./times.ts";

const stateNames = { pending: "Sending", sent: "Sent", read: "Read" };

type Props = { group: Group; chat: Chat; agentReadSeq: number };

export function MessageGroup({ group, chat, agentReadSeq }: Props) {
  const isOwn = group.author === "visitor";
  const last = group.lines.at(-1)!;
  const editedAt = group.lines.findLast(line => line.editedAt)?.editedAt;
  const delivery = deliveryOf(last, agentReadSeq);
  return (
    <div class={isOwn ? "group own" : "group"}>
      {!isOwn && group.authorName && <b dir="auto">{group.authorName}</b>}
      {group.lines.map(line => (
        <Bubble key={line.id} {...{ line, chat }} isChangeable={isOwn && isRecent(line)} />
      ))}
      {delivery === "failed" ? (
        <Failure line={last} chat={chat} />
      ) : (
        <small>
          <time datetime={last.createdAt} title={exact(last.createdAt)}>
            {clock(last.createdAt)}
          </time>
          {editedAt && <span title={exact(editedAt)}> · edited</span>}
          {isOwn && <Icon name={delivery} label={stateNames[delivery]} />}
        </small>
      )}
    </div>
  );
}

/** By this browser's clock; the server decides by its own. */
const isRecent = ({ seq, deletedAt, createdAt }: Line): boolean =>
  !!seq && !deletedAt && Date.now() - Date.parse(createdAt) < visitorEditMs;

type LineProps = { line: Line; chat: Chat };

const Bubble = ({ line, chat, isChangeable }: LineProps & { isChangeable: boolean }) => (
  <p dir="auto" class={line.error ? "failed" : line.deletedAt ? "deleted" : ""}>
    {line.deletedAt ? "Message deleted" : linked(line.body)}
    {isChangeable && <button type="button" class="more" aria-label="Edit or delete" onClick={() => edit(chat, line)} />}
  </p>
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

const Failure = ({ line, chat: { sync } }: LineProps) => (
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
