import { ActionIcon, Button, Title, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconCheck, IconLayoutSidebarRight, IconRotate } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useMe } from "#dashboard/data/me.ts";
import { visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { OnlineDot } from "#dashboard/ui/person.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { Visitor } from "#protocol/visitors.ts";
import { AssignMenu } from "./assign-menu.tsx";
import classes from "./header.module.css";
import { useActions } from "./use-actions.tsx";

type Props = { row: Conversation; visitor: Visitor | null; detailsShown: boolean; onDetails: () => void };

export function Header({ row, visitor, detailsShown, onDetails }: Props) {
  const { websiteId, view } = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  const { user } = useMe();
  const actions = useActions(row);
  const open = row.status === "open";
  const take = () => row.assignee?.id !== user.id && void actions.assign({ id: user.id, name: user.name });
  useKeys({ e: open ? actions.resolve : actions.reopen, a: take });

  return (
    <header className={classes.root}>
      <ActionIcon
        component={Link}
        to={`/w/${websiteId}/inbox/${view}`}
        variant="subtle"
        color="gray"
        size="lg"
        className={classes.back}
        aria-label="Back to the list"
      >
        <IconArrowLeft size={20} />
      </ActionIcon>
      <div className={classes.who}>
        <Title order={1} size="h2" className={classes.name}>
          {visitorName(row.visitor)}
        </Title>
        <div className={classes.presence}>
          {row.visitor.online ? (
            <>
              <OnlineDot /> Online now
            </>
          ) : visitor ? (
            <>
              Last seen <Ago moment={visitor.lastSeenAt} />
            </>
          ) : (
            "Not online"
          )}
        </div>
      </div>
      <AssignMenu row={row} onAssign={actions.assign} />
      {open ? (
        <Button onClick={actions.resolve} className={classes.action} aria-label="Resolve">
          <IconCheck size={16} /> <span className={classes.label}>Resolve</span>
        </Button>
      ) : (
        <Button variant="default" onClick={actions.reopen} className={classes.action} aria-label="Reopen">
          <IconRotate size={16} /> <span className={classes.label}>Reopen</span>
        </Button>
      )}
      <Tooltip label={detailsShown ? "Hide the details (d)" : "Show the details (d)"}>
        <ActionIcon
          variant={detailsShown ? "light" : "subtle"}
          color="gray"
          size="lg"
          onClick={onDetails}
          aria-label="Details"
          aria-expanded={detailsShown}
        >
          <IconLayoutSidebarRight size={20} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}
