import { Drawer } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { isRefusal } from "#client/api.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { PanelBoundary } from "#dashboard/ui/panel-boundary.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import { Composer } from "./composer/composer.tsx";
import classes from "./conversation-page.module.css";
import { Details } from "./details/details.tsx";
import { Header } from "./header.tsx";
import { MissingConversation } from "./missing-conversation.tsx";
import { LoadingConversation } from "./thread/loading-conversation.tsx";
import { Thread } from "./thread/thread.tsx";
import { useContinuation } from "./use-continuation.ts";
import { useConversation } from "./use-conversation.ts";

export function ConversationPage() {
  const { websiteId, conversationId } = useParams({ from: "/signed-in/w/$websiteId/inbox/$view/$conversationId" });
  return <ConversationPane key={conversationId} websiteId={websiteId} id={conversationId} />;
}

function ConversationPane({ websiteId, id }: { websiteId: number; id: string }) {
  const { row, visitor, visitorError, error, retry } = useConversation(websiteId, id);
  const details = useDetails();
  useContinuation(id);
  useKeys({ d: details.toggle });

  if (error && !row) {
    if (isRefusal(error) && (error.status === 404 || error.status === 400)) return <MissingConversation />;
    return <Failure what="The conversation could not be loaded" error={error} onRetry={retry} />;
  }
  if (!row) return <LoadingConversation />;

  const panel = (
    <PanelBoundary what="The details could not be shown">
      <Details row={row} visitor={visitor} error={visitorError} onRetry={retry} />
    </PanelBoundary>
  );
  return (
    <div className={classes.root}>
      <div className={classes.column}>
        <Header row={row} visitor={visitor} detailsShown={details.shown} onDetails={details.toggle} />
        <PanelBoundary what="The messages could not be shown">
          <Thread row={row} error={error} onRetry={retry} />
        </PanelBoundary>
        <Composer row={row} />
      </div>
      {details.wide ? (
        details.shown && <aside className={classes.details}>{panel}</aside>
      ) : (
        <Drawer opened={details.shown} onClose={details.toggle} position="right" size={340} title="Details">
          {panel}
        </Drawer>
      )}
    </div>
  );
}

/** Beside the conversation where there is room for it, over it where there is not. */
function useDetails() {
  const wide = useMediaQuery("(min-width: 75em)", undefined, { getInitialValueInEffect: false }) ?? true;
  const [folded, setFolded] = useLocalStorage({
    key: "prochat:details-folded",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [over, setOver] = useState(false);
  return {
    wide,
    shown: wide ? !folded : over,
    toggle: () => (wide ? setFolded(!folded) : setOver(!over)),
  };
}
