import { Button, CloseButton, Menu, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconTag } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import { TagChip } from "./tag-chip.tsx";
import classes from "./tag-filter.module.css";
import { useTags } from "./tags.ts";

const inbox = "/signed-in/w/$websiteId/inbox/$view";

/** Limits the inbox to one tag, which the page's address holds. Not shown while the website has no tags. */
export function TagFilter() {
  const { websiteId } = useParams({ from: inbox });
  const { tag: chosenId } = useSearch({ from: inbox });
  const tags = useTags(websiteId).data ?? [];
  const navigate = useNavigate();
  const [opened, menu] = useDisclosure();
  const show = (tag?: string) => void navigate({ to: ".", search: before => ({ ...before, tag }) });
  useKeys({ f: menu.open });

  if (!tags.length && !chosenId) return null;
  const chosen = tags.find(tag => tag.id === chosenId);
  return (
    <div className={classes.root}>
      <Menu
        opened={opened}
        onChange={opens => (opens ? menu.open() : menu.close())}
        position="bottom-start"
        width={240}
        shadow="md"
      >
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconTag size={16} stroke={1.5} />}
            rightSection={<IconChevronDown size={14} />}
          >
            <VisuallyHidden>Filter by tag: </VisuallyHidden>
            {chosen ? <TagChip tag={chosen} /> : chosenId ? "A deleted tag" : "All tags"}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes.dropdown}>
          {tags.map(tag => (
            <Menu.Item key={tag.id} onClick={() => show(tag.id)}>
              <TagChip tag={tag} />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {chosenId && <CloseButton size="sm" aria-label="Show all tags" onClick={() => show()} />}
    </div>
  );
}
