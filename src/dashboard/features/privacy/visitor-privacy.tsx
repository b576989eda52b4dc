import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconEdit, IconLock, IconLockOpen } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { visitorName } from "#dashboard/text/words.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import { CorrectForm } from "./correct-form.tsx";
import { dataAddress, useRestrict } from "./privacy.ts";

const look = { variant: "default", size: "compact-sm" } as const;

/** For admins and owners: what a person may ask for, done on their behalf. Deleting them is beside it. */
export function VisitorPrivacy({ row }: { row: Conversation }) {
  const website = useWebsite();
  const [correcting, correction] = useDisclosure();
  const [asking, question] = useDisclosure();
  if (!isAdmin(website)) return null;
  const target = { websiteId: row.websiteId, visitorId: row.visitor.id };
  const name = visitorName(row.visitor);
  return (
    <>
      <Button
        {...look}
        component="a"
        href={dataAddress(target)}
        download
        leftSection={<IconDownload size={16} stroke={1.5} />}
      >
        Download data
      </Button>
      <Button {...look} leftSection={<IconEdit size={16} stroke={1.5} />} onClick={correction.open}>
        Correct…
      </Button>
      <Button
        {...look}
        leftSection={row.isRestricted ? <IconLockOpen size={16} stroke={1.5} /> : <IconLock size={16} stroke={1.5} />}
        onClick={question.open}
      >
        {row.isRestricted ? "End restriction…" : "Restrict…"}
      </Button>
      <Modal opened={correcting} onClose={correction.close} title={`Correct what is known of ${name}`}>
        <CorrectForm row={row} onClose={correction.close} />
      </Modal>
      <Modal
        opened={asking}
        onClose={question.close}
        title={row.isRestricted ? `Use the data of ${name} again?` : `Restrict the data of ${name}?`}
      >
        <Restriction row={row} onClose={question.close} />
      </Modal>
    </>
  );
}

function Restriction({ row, onClose }: { row: Conversation; onClose: () => void }) {
  const { isRestricted = false } = row;
  const restrict = useRestrict({ websiteId: row.websiteId, visitorId: row.visitor.id });
  return (
    <Stack>
      <Text size="sm">
        {isRestricted
          ? "Agents can write to them again, and exports have their conversations."
          : "Everything is kept, and not used: agents can read and cannot write, and exports leave their conversations out. The visitor can still write, download their data and delete it. It can be ended at any time."}
      </Text>
      <FormError message={restrict.error ? explain(restrict.error) : null} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Leave it
        </Button>
        <Button loading={restrict.isPending} onClick={() => restrict.mutate(!isRestricted, { onSuccess: onClose })}>
          {isRestricted ? "End restriction" : "Restrict"}
        </Button>
      </Group>
    </Stack>
  );
}
