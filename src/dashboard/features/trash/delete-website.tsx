import { Button, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { countOf } from "#dashboard/text/words.ts";
import { Section } from "#dashboard/ui/page.tsx";
import type { Website } from "#protocol/websites.ts";
import { DeletionForm } from "./deletion-form.tsx";
import { useDeleteWebsite, useWebsiteContents } from "./websites.ts";

/** For owners, at the end of a website's settings. */
export function DeleteWebsite({ website }: { website: Website }) {
  const [asking, dialog] = useDisclosure();
  if (website.role !== "owner") return null;
  return (
    <Section title="Delete this website" lead="Its chat ends on every page, and its agents lose it. It can come back.">
      <Button variant="default" leftSection={<IconTrash size={16} stroke={1.5} />} onClick={dialog.open}>
        Delete website…
      </Button>
      <Modal opened={asking} onClose={dialog.close} title={`Delete ${website.name}?`}>
        <Question website={website} onClose={dialog.close} />
      </Modal>
    </Section>
  );
}

function Question({ website, onClose }: { website: Website; onClose: () => void }) {
  const [name, setName] = useState("");
  const contents = useWebsiteContents(website.id);
  const remove = useDeleteWebsite();
  return (
    <DeletionForm
      action="Delete website"
      error={remove.error ?? contents.error}
      isPending={remove.isPending}
      isDisabled={name.trim() !== website.name.trim()}
      onDelete={reason => remove.mutate({ websiteId: website.id, name, reason })}
      onClose={onClose}
      fields={
        <TextInput
          label={`Type ${website.name} to delete it`}
          autoComplete="off"
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
      }
    >
      {contents.data
        ? `${countOf(contents.data.conversations, "conversation")} with ${countOf(contents.data.messages, "message")}`
        : "All conversations"}
      , its people, tags and settings disappear at once, and the chat on its pages ends. Under “Deleted websites” in the
      menu of websites an owner brings it back.
    </DeletionForm>
  );
}
