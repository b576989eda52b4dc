import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { HoldDialog } from "./hold-dialog.tsx";
import { useHolds } from "./retention.ts";

/** In a conversation's details: the hold on it or on its visitor, and for admins the button that places or lifts one. */
export function HoldButton({ row }: { row: Pick<Conversation, "id" | "visitor"> }) {
  const website = useWebsite();
  const holds = useHolds(website.id);
  const [opened, dialog] = useDisclosure();
  const hold = holds.data?.find(({ targetId }) => targetId === row.id || targetId === row.visitor.id);
  const target = hold ?? { targetKind: "conversation" as const, targetId: row.id };
  return (
    <>
      {hold && (
        <Text size="xs" c="dimmed" w="100%">
          Legal hold on this {hold.targetKind}: {hold.reason}
        </Text>
      )}
      {isAdmin(website) && holds.data && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={hold ? <IconLockOpen size={16} /> : <IconLock size={16} />}
          onClick={dialog.open}
        >
          {hold ? "Lift hold" : "Legal hold"}
        </Button>
      )}
      <HoldDialog
        verb={hold ? "lift" : "place"}
        websiteId={website.id}
        hold={target}
        opened={opened}
        onClose={dialog.close}
      />
    </>
  );
}
