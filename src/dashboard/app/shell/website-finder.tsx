import { Group, Modal, TextInput } from "@mantine/core";
import { IconCheck, IconPlus, IconSearch, IconTrash } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMe, useWebsite } from "#dashboard/data/me.ts";
import { useUnread } from "#dashboard/live/live-provider.tsx";
import { countOf, shortCount } from "#dashboard/text/words.ts";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import type { Website } from "#protocol/websites.ts";
import { findWebsites } from "./find-websites.ts";
import classes from "./website-finder.module.css";

/** More are a list that nobody reads. */
const maxShown = 50;

type Props = { opened: boolean; onClose: () => void };

/** Finds one of many websites by its name. */
export function WebsiteFinder({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Websites" keepMounted={false}>
      <Finder onChosen={onClose} />
    </Modal>
  );
}

function Finder({ onChosen }: { onChosen: () => void }) {
  const { websites } = useMe();
  const current = useWebsite();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const found = findWebsites(websites, name);
  const shown = found.slice(0, maxShown);
  const first = shown[0];
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        if (!first) return;
        void navigate({ to: "/w/$websiteId/inbox/$view", params: { websiteId: first.id, view: "all" } });
        onChosen();
      }}
    >
      <TextInput
        data-autofocus
        type="search"
        aria-label="Find a website by its name"
        placeholder="Find a website by its name"
        leftSection={<IconSearch size={16} />}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
      />
      <ul className={classes.list} aria-label="Websites">
        {shown.map(website => (
          <li key={website.id}>
            <WebsiteLink website={website} isCurrent={website.id === current.id} onClick={onChosen} />
          </li>
        ))}
      </ul>
      <p className={classes.more} role="status">
        {found.length === 0 && "No website has this name."}
        {found.length > maxShown && `${countOf(found.length - maxShown, "website")} more: write more of the name.`}
      </p>
      {websites.some(({ role }) => role === "owner") && (
        <Group gap={8}>
          <LinkButton to="/w/new" variant="default" size="compact-sm" leftSection={<IconPlus size={14} />}>
            Add a website
          </LinkButton>
          <LinkButton to="/deleted-websites" variant="default" size="compact-sm" leftSection={<IconTrash size={14} />}>
            Deleted websites
          </LinkButton>
        </Group>
      )}
    </form>
  );
}

type LinkProps = { website: Website; isCurrent: boolean; onClick: () => void };

function WebsiteLink({ website, isCurrent, onClick }: LinkProps) {
  const unread = useUnread(website.id);
  return (
    <Link
      to="/w/$websiteId/inbox/$view"
      params={{ websiteId: website.id, view: "all" }}
      className={classes.link}
      onClick={onClick}
    >
      <span className={classes.name}>{website.name}</span>
      {isCurrent && <IconCheck size={16} aria-label="chosen" />}
      {unread > 0 && <span className={classes.unread}>{shortCount(unread)} unread</span>}
    </Link>
  );
}
