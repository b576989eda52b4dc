import { IconTagOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Failure } from "#dashboard/ui/failure.tsx";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import type { InboxView } from "#protocol/inbox.ts";
import { InboxRows } from "./inbox-rows.tsx";
import { LoadingRows } from "./loading-rows.tsx";
import { type InboxList as List, useInbox } from "./use-inbox.ts";
import { views } from "./views.tsx";

type Props = { list: List; chosenId: string | null; tagsOf: (row: Conversation) => ReactNode };

export function InboxList({ list, chosenId, tagsOf }: Props) {
  const inbox = useInbox(list);
  if (inbox.status === "pending") return <LoadingRows />;
  if (inbox.status === "error") {
    return <Failure what="The inbox could not be loaded" error={inbox.error} onRetry={inbox.retry} />;
  }
  if (!inbox.rows.length && !inbox.hasMore) return list.tagId ? <NoneWithTag /> : <Empty view={list.view} />;
  return <InboxRows inbox={inbox} list={list} chosenId={chosenId} tagsOf={tagsOf} />;
}

function Empty({ view }: { view: InboxView }) {
  const { empty } = views.find(row => row.id === view)!;
  return (
    <StateMessage icon={empty.icon} title={empty.title}>
      {empty.hint}
    </StateMessage>
  );
}

const NoneWithTag = () => (
  <StateMessage
    icon={<IconTagOff size={32} stroke={1.5} />}
    title="No conversation here has this tag"
    action={
      <LinkButton to="." search={{}} variant="default">
        Show all tags
      </LinkButton>
    }
  />
);
