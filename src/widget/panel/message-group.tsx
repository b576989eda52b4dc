/** @jsxImportSource #widget/dom */
import { deliveryOf, type Group, type ShownMessage } from "#client/text/grouping.ts";
import { splitLinks } from "#client/text/links.ts";
import { undoDays, visitorEditMs } from "#protocol/client-limits.ts";
import type { Chat } from "#widget/chat/chat.ts";
import { edit, restore } from "#widget/chat/composing.ts";
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
        <Bubble key={message.id} {...{ message, chat, isOwn }} />
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
const isWithin = (ms: number, moment: string) => Date.now() - Date.parse(moment) < ms;

type BubbleProps = { message: ShownMessage; chat: Chat; isOwn: boolean };

function Bubble({ message, chat, isOwn }: BubbleProps) {
  const { seq, deletedAt, createdAt, error, body } = message;
  const mayChange = isOwn && seq;
  if (deletedAt)
    return (
      <p class="deleted">
        Message deleted
        {mayChange && isWithin(undoDays * 86_400_000, deletedAt) && (
          <button type="button" onClick={() => restore(chat, message)}>
            Undo
          </button>
        )}
      </p>
    );
  return (
    <p dir="auto" class={error ? "failed" : ""}>
      {linked(body)}
      {mayChange && isWithin(visitorEditMs, createdAt) && (
        <button type="button" class="more" aria-label="Edit or delete" onClick={() => edit(chat, message)} />
      )}
    </p>
  );
}

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
