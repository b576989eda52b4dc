import { ActionIcon, Button, Title, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconCheck, IconLayoutSidebarRight, IconRotate } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useMe } from "#dashboard/data/me.ts";
import { visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { LinkIcon } from "#dashboard/ui/link-button.tsx";
import { OnlineDot } from "#dashboard/ui/person.tsx";
import { RestrictedMark } from "#dashboard/ui/restricted-mark.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { Visitor } from "#protocol/visitors.ts";
import { AssignMenu } from "./assign-menu.tsx";
import classes from "./header.module.css";
import { useActions } from "./use-actions.tsx";

type Props = { row: Conversation; visitor: Visitor | null; detailsShown: boolean; onDetails: () => void };

export function Header({ row, visitor, detailsShown, onDetails }: Props) {
  const { user } = useMe();
  const { assign, resolve, reopen } = useActions(row);
  const isOpen = row.status === "open";
  useKeys({
    e: isOpen ? resolve : reopen,
    a: () => row.assignee?.id !== user.id && void assign({ id: user.id, name: user.name }),
  });

  return (
    <header className={classes.root}>
      <BackToList />
      <div className={classes.visitor}>
        <Title order={1} size="h2" className={classes.name}>
          {visitorName(row.visitor)} {row.isRestricted && <RestrictedMark />}
        </Title>
        <div className={classes.presence}>
          <Presence online={row.visitor.online} visitor={visitor} />
        </div>
      </div>
      <AssignMenu row={row} onAssign={assign} />
      <StatusButton isOpen={isOpen} onClick={isOpen ? resolve : reopen} />
      <DetailsButton shown={detailsShown} onClick={onDetails} />
    </header>
  );
}

/**
 * Resolves or reopens. Both stand at the same place: neither the second click of a double click nor an Enter that is held
 * undoes what the first has done.
 */
function StatusButton({ isOpen, onClick }: { isOpen: boolean; onClick: () => void }) {
  const name = isOpen ? "Resolve" : "Reopen";
  return (
    <Button
      variant={isOpen ? "filled" : "default"}
      className={classes.action}
      aria-label={name}
      onClick={event => event.detail <= 1 && onClick()}
      onKeyDown={event => event.repeat && event.preventDefault()}
    >
      {isOpen ? <IconCheck size={16} /> : <IconRotate size={16} />} <span className={classes.label}>{name}</span>
    </Button>
  );
}

/** Phones show the list and the conversation one at a time. */
function BackToList() {
  const params = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  return (
    <LinkIcon
      to="/w/$websiteId/inbox/$view"
      params={params}
      search
      variant="subtle"
      color="gray"
      size="lg"
      className={classes.back}
      aria-label="Back to the list"
    >
      <IconArrowLeft size={20} />
    </LinkIcon>
  );
}

function Presence({ online, visitor }: { online: boolean; visitor: Visitor | null }) {
  if (online) {
    return (
      <>
        <OnlineDot /> Online now
      </>
    );
  }
  if (!visitor) return "Not online";
  return (
    <>
      Last seen <Ago moment={visitor.lastSeenAt} />
    </>
  );
}

const DetailsButton = ({ shown, onClick }: { shown: boolean; onClick: () => void }) => (
  <Tooltip label={shown ? "Hide the details (d)" : "Show the details (d)"}>
    <ActionIcon
      variant={shown ? "light" : "subtle"}
      color="gray"
      size="lg"
      onClick={onClick}
      aria-label="Details"
      aria-expanded={shown}
    >
      <IconLayoutSidebarRight size={20} stroke={1.5} />
    </ActionIcon>
  </Tooltip>
);
