import { Alert } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isRefusal } from "#client/api.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { PanelBoundary } from "#dashboard/ui/panel-boundary.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { Composer, type ComposerField } from "./composer/composer.tsx";
import classes from "./conversation-page.module.css";
import { Details } from "./details/details.tsx";
import { DetailsPanel } from "./details/details-panel.tsx";
import { useDetailsPanel } from "./details/use-details-panel.ts";
import { Header } from "./header.tsx";
import { MissingConversation } from "./missing-conversation.tsx";
import { LoadingConversation } from "./thread/loading-conversation.tsx";
import { Thread } from "./thread/thread.tsx";
import { EditingContext, useEditing } from "./thread/use-editing.ts";
import { useContinuation } from "./use-continuation.ts";
import { useConversation } from "./use-conversation.ts";

type Slots = {
  /** the tags in the details panel */
  tags: (row: Conversation) => ReactNode;
  /** over the composer */
  menu: (row: Conversation, composer: ComposerField) => ReactNode;
  /** after all details */
  end: (row: Conversation) => ReactNode;
  /** in place of one that is deleted */
  deleted: (row: Conversation) => ReactNode;
  dialogs: (row: Conversation) => ReactNode;
};

export function ConversationPage(slots: Slots) {
  const { websiteId, conversationId } = useParams({ from: "/signed-in/w/$websiteId/inbox/$view/$conversationId" });
  return <Pane key={conversationId} websiteId={websiteId} id={conversationId} {...slots} />;
}

function Pane({ websiteId, id, ...slots }: Slots & { websiteId: number; id: string }) {
  const held = useConversation(websiteId, id);
  useContinuation(id);
  const { row, error, retry } = held;

  if (row?.deletedAt) return slots.deleted(row);
  if (row) return <LoadedPane {...slots} held={{ ...held, row }} />;
  if (isMissing(error)) return <MissingConversation />;
  if (error) return <Failure what="The conversation could not be loaded" error={error} onRetry={retry} />;
  return <LoadingConversation />;
}

type Held = ReturnType<typeof useConversation> & { row: Conversation };

function LoadedPane({ held, tags, menu, end, dialogs }: Slots & { held: Held }) {
  const { row, visitor, visitorError, error, retry } = held;
  const panel = useDetailsPanel();
  const { editing, beginLast } = useEditing(row);
  useKeys({ d: panel.toggle, E: beginLast });
  return (
    <div className={classes.root}>
      <div className={classes.column}>
        <Header row={row} visitor={visitor} detailsShown={panel.shown} onDetails={panel.toggle} />
        <PanelBoundary what="The messages could not be shown">
          <EditingContext value={editing}>
            <Thread row={row} error={error} onRetry={retry} />
          </EditingContext>
        </PanelBoundary>
        {row.isRestricted ? (
          <Alert
            variant="default"
            icon={<IconLock size={20} stroke={1.5} />}
            title="Restricted"
            radius={0}
            role="status"
          >
            The data of this visitor is kept and not used: agents cannot write to them. An admin can end that in the
            details.
          </Alert>
        ) : (
          <Composer
            row={row}
            isEditing={editing.id !== null}
            onEditLast={beginLast}
            menu={composer => menu(row, composer)}
          />
        )}
      </div>
      <DetailsPanel panel={panel}>
        <Details row={row} visitor={visitor} error={visitorError} onRetry={retry} tags={tags(row)} end={end(row)} />
      </DetailsPanel>
      {dialogs(row)}
    </div>
  );
}

const isMissing = (error: unknown): boolean => isRefusal(error) && (error.status === 404 || error.status === 400);
