import { ActionIcon, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { isAdmin } from "#dashboard/data/me.ts";
import { changedFields } from "#dashboard/ui/form.ts";
import type { Tag } from "#protocol/tags.ts";
import type { Website } from "#protocol/websites.ts";
import { TagChip } from "./tag-chip.tsx";
import { TagForm } from "./tag-form.tsx";
import classes from "./tag-row.module.css";
import { useChangeTag } from "./tags.ts";

type Props = { website: Website; tag: Tag; onDelete: () => void };

export function TagRow({ website, tag, onDelete }: Props) {
  const [editing, edit] = useDisclosure();
  if (editing) return <EditedRow websiteId={website.id} tag={tag} onDone={edit.close} />;
  return (
    <li className={classes.root}>
      <span className={classes.chip}>
        <TagChip tag={tag} />
      </span>
      <Link
        to="/w/$websiteId/inbox/$view"
        params={{ websiteId: website.id, view: "all" }}
        search={{ tag: tag.id }}
        className={classes.link}
      >
        Open conversations
      </Link>
      {isAdmin(website) && (
        <>
          <Action
            label={`Change the tag ${tag.name}`}
            icon={<IconPencil size={20} stroke={1.5} />}
            onClick={edit.open}
          />
          <Action label={`Delete the tag ${tag.name}`} icon={<IconTrash size={20} stroke={1.5} />} onClick={onDelete} />
        </>
      )}
    </li>
  );
}

const Action = ({ label, icon, onClick }: { label: string; icon: React.ReactNode; onClick: () => void }) => (
  <Tooltip label={label} openDelay={300}>
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={onClick}>
      {icon}
    </ActionIcon>
  </Tooltip>
);

function EditedRow({ websiteId, tag, onDone }: { websiteId: number; tag: Tag; onDone: () => void }) {
  const change = useChangeTag(websiteId, tag.id);
  const [initial] = useState({ name: tag.name, colour: tag.colour });
  return (
    <li className={classes.edited}>
      <TagForm
        initial={initial}
        submit="Save tag"
        refusal={change.error && explain(change.error)}
        isPending={change.isPending}
        onSubmit={body => change.mutate(changedFields(initial, body), { onSuccess: onDone })}
        onCancel={onDone}
      />
    </li>
  );
}
