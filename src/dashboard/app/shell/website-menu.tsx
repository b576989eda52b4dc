import { Menu, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconPlus, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";
import { useMe, useWebsite } from "#dashboard/data/me.ts";
import { useLiveState, useUnread } from "#dashboard/live/live-provider.tsx";
import { initials, shortCount } from "#dashboard/text/words.ts";
import type { Website } from "#protocol/websites.ts";
import classes from "./rail.module.css";
import { WebsiteFinder } from "./website-finder.tsx";
import menu from "./website-menu.module.css";

/** So many are seen at a glance. More are searched. */
const maxInMenu = 10;

/** The current website, how many conversations are unread on the others, and the way to them. */
export function WebsiteMenu() {
  const { websites } = useMe();
  const [isFinding, finder] = useDisclosure();
  if (websites.length > maxInMenu) {
    return (
      <>
        <CurrentWebsite onClick={finder.open} aria-haspopup="dialog" />
        <WebsiteFinder opened={isFinding} onClose={finder.close} />
      </>
    );
  }
  return (
    <Menu position="right-start" width={260} shadow="md">
      <Menu.Target>
        <CurrentWebsite />
      </Menu.Target>
      <Websites websites={websites} />
    </Menu>
  );
}

function CurrentWebsite(props: ComponentPropsWithRef<"button">) {
  const current = useWebsite();
  const { websites } = useMe();
  const counts = useLiveState(state => state.counts);
  const others = websites.filter(website => website.id !== current.id);
  const elsewhere = others.reduce((sum, website) => sum + (counts[website.id]?.all ?? website.unread), 0);
  return (
    <UnstyledButton {...props} className={classes.button}>
      <span className={classes.square} aria-hidden="true">
        {initials(current.name)}
        {elsewhere > 0 && <span className={classes.count}>{shortCount(elsewhere)}</span>}
      </span>
      <span className={classes.label} aria-hidden="true">
        {current.name}
      </span>
      <VisuallyHidden>
        {`Website: ${current.name}${elsewhere ? `, ${shortCount(elsewhere)} unread on other websites` : ""}`}
      </VisuallyHidden>
    </UnstyledButton>
  );
}

function Websites({ websites }: { websites: Website[] }) {
  const current = useWebsite();
  const mayAdd = websites.some(website => website.role === "owner");
  return (
    <Menu.Dropdown mah="70vh" className={menu.dropdown}>
      <Menu.Label>Websites</Menu.Label>
      {websites.map(website => (
        <WebsiteItem key={website.id} website={website} current={website.id === current.id} />
      ))}
      {mayAdd && (
        <>
          <Menu.Divider />
          <Menu.Item component={Link} to="/w/new" leftSection={<IconPlus size={16} />}>
            Add a website
          </Menu.Item>
          <Menu.Item component={Link} to="/deleted-websites" leftSection={<IconTrash size={16} />}>
            Deleted websites
          </Menu.Item>
        </>
      )}
    </Menu.Dropdown>
  );
}

function WebsiteItem({ website, current }: { website: Website; current: boolean }) {
  const unread = useUnread(website.id);
  return (
    <Menu.Item
      component={Link}
      to={`/w/${website.id}/inbox/all`}
      leftSection={<span className={menu.check}>{current && <IconCheck size={16} aria-label="chosen" />}</span>}
      rightSection={unread > 0 && <span className={menu.count}>{shortCount(unread)} unread</span>}
    >
      <span className={menu.name}>{website.name}</span>
    </Menu.Item>
  );
}
