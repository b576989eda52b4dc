/** @jsxImportSource #widget/dom */
import { deliveryOf, type Group, type ShownMessage } from "#client/text/grouping.ts";
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
  const last = group.messages.at(-1)!;
  const editedAt = group.messages.findLast(message => message.editedAt)?.editedAt;
  const delivery = deliveryOf(last, agentReadSeq);
  return (
    <div class={isOwn ? "group own" : "group"}>
      {!isOwn && group.authorName && <b dir="auto">{group.authorName}</b>}
      {group.messages.map(message => (
        <Bubble key={message.id} {...{ message, chat }} isChangeable={isOwn && isRecent(message)} />
      ))}
      {delivery === "failed" ? (
        failureOf(last, chat)
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
const isRecent = ({ seq, deletedAt, createdAt }: ShownMessage): boolean =>
  !!seq && !deletedAt && Date.now() - Date.parse(createdAt) < visitorEditMs;

type BubbleProps = { message: ShownMessage; chat: Chat; isChangeable: boolean };

const Bubble = ({ message, chat, isChangeable }: BubbleProps) => (
  <p dir="auto" class={message.error ? "failed" : message.deletedAt ? "deleted" : ""}>
    {message.deletedAt ? "Message deleted" : linked(message.body)}
    {isChangeable && (
      <button type="button" class="more" aria-label="Edit or delete" onClick={() => edit(chat, message)} />
    )}
  </p>
);

export const linked = (body: string): Child =>
  splitLinks(body).map(part =>
    typeof part === "string" ? (
      part
    ) : (
      <a key={part.href} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    ),
  );

const failureOf = ({ id, error }: ShownMessage, { sync }: Chat): Child => (
  <div class="failure" role="alert">
    Not sent. {error!.message}
    <button type="button" onClick={() => sync.retry(id)}>
      Try again
    </button>
    <button type="button" onClick={() => sync.discard(id)}>
      Discard
    </button>
  </div>
);
