import { Combobox, Loader, Modal, Text, TextInput, useCombobox } from "@mantine/core";
import { IconCheck, IconPlus } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import type { Tag } from "#protocol/tags.ts";
import { nextColour } from "./colours.ts";
import { TagChip } from "./tag-chip.tsx";
import classes from "./tag-picker.module.css";
import { useCreateTag } from "./tags.ts";
import { useConversationTags } from "./use-conversation-tags.ts";

type Props = { row: Conversation; opened: boolean; onClose: () => void };

/** Puts tags on a conversation and takes them off, also with the keyboard alone. */
export const TagPicker = ({ row, opened, onClose }: Props) => (
  <Modal opened={opened} onClose={onClose} title="Tags of this conversation" size="sm" yOffset="15vh">
    <Choices row={row} onClose={onClose} />
  </Modal>
);

function Choices({ row, onClose }: Omit<Props, "opened">) {
  const { all, tags: chosen, add, remove } = useConversationTags(row);
  const create = useCreateTag(row.websiteId);
  const [search, setSearch] = useState("");
  // Always open; Escape closes the dialog around it.
  const list = useCombobox({ opened: true, onOpenedChange: opens => !opens && onClose() });
  const wanted = search.trim();
  const found = (all.data ?? []).filter(tag => tag.name.toLowerCase().includes(wanted.toLowerCase()));
  const isNew = wanted !== "" && all.isSuccess && !found.some(tag => tag.name.toLowerCase() === wanted.toLowerCase());

  // biome-ignore lint/correctness/useExhaustiveDependencies: another search has another first choice
  useEffect(() => void list.selectFirstOption(), [wanted]);

  function submit(value: string) {
    const tag = found.find(({ id }) => id === value);
    if (!tag) return createAndAdd();
    setSearch("");
    void (chosen.includes(tag) ? remove(tag) : add(tag));
  }

  function createAndAdd() {
    const onSuccess = (made: Tag) => {
      setSearch("");
      void add(made);
    };
    create.mutate({ name: wanted, colour: nextColour(all.data ?? []) }, { onSuccess });
  }

  return (
    <Combobox store={list} onOptionSubmit={submit}>
      <Combobox.EventsTarget>
        <TextInput
          data-autofocus
          aria-label="Search tags"
          placeholder="Search, or type the name of a new tag"
          maxLength={40}
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
        />
      </Combobox.EventsTarget>
      <Combobox.Options className={classes.options} aria-label="Tags" aria-multiselectable>
        {found.map(tag => (
          <Option key={tag.id} tag={tag} chosen={chosen.includes(tag)} />
        ))}
        {isNew && (
          <Combobox.Option value="new" className={classes.option} disabled={create.isPending}>
            <IconPlus size={16} /> New tag “{wanted}”
          </Combobox.Option>
        )}
      </Combobox.Options>
      <Hint>
        {all.isPending && <Loader size={16} aria-label="Loading the tags" />}
        {all.isSuccess &&
          !all.data.length &&
          !wanted &&
          "This website has no tags yet. Type the name of the first one."}
      </Hint>
      <FormError message={(all.error && explain(all.error)) ?? (create.error && explain(create.error))} />
    </Combobox>
  );
}

const Option = ({ tag, chosen }: { tag: Tag; chosen: boolean }) => (
  <Combobox.Option value={tag.id} active={chosen} aria-selected={chosen} className={classes.option}>
    <span className={classes.check}>{chosen && <IconCheck size={16} />}</span>
    <TagChip tag={tag} />
  </Combobox.Option>
);

const Hint = ({ children }: { children: React.ReactNode }) => (
  <Text size="sm" c="dimmed" className={classes.hint}>
    {children}
  </Text>
);
