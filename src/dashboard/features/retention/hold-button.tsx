import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { Hold } from "#protocol/holds.ts";
import { HoldDialog } from "./hold-dialog.tsx";
import { useHolds } from "./retention.ts";

/** In a conversation's details: the holds on it and on its visitor, and for admins the buttons that place and lift them. */
export function HoldButton({ row }: { row: Pick<Conversation, "id" | "visitor"> }) {
  const website = useWebsite();
  const holds = useHolds(website.id);
  const [opened, dialog] = useDisclosure();
  if (!holds.data) return null;
  const all = [
    { targetKind: "conversation" as const, targetId: row.id },
    { targetKind: "visitor" as const, targetId: row.visitor.id },
  ];
  const placed = holds.data.filter(({ targetId }) => all.some(target => target.targetId === targetId));
  const free = all.filter(({ targetId }) => placed.every(hold => hold.targetId !== targetId));
  return (
    <>
      {placed.map(hold => (
        <Placed key={hold.targetId} websiteId={website.id} hold={hold} mayLift={isAdmin(website)} />
      ))}
      {isAdmin(website) && free.length > 0 && (
        <>
          <Button variant="default" size="compact-sm" leftSection={<IconLock size={16} />} onClick={dialog.open}>
            Legal hold
          </Button>
          <HoldDialog verb="place" websiteId={website.id} targets={free} opened={opened} onClose={dialog.close} />
        </>
      )}
    </>
  );
}

function Placed({ websiteId, hold, mayLift }: { websiteId: number; hold: Hold; mayLift: boolean }) {
  const [opened, dialog] = useDisclosure();
  const what = hold.targetKind === "visitor" ? "visitor, with all conversations" : "conversation";
  return (
    <>
      <Text size="xs" c="dimmed" w="100%">
        Legal hold on this {what}: {hold.reason}
      </Text>
      {mayLift && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconLockOpen size={16} />}
          aria-label={`Lift hold on this ${hold.targetKind}`}
          onClick={dialog.open}
        >
          Lift hold
        </Button>
      )}
      <HoldDialog verb="lift" websiteId={websiteId} targets={[hold]} opened={opened} onClose={dialog.close} />
    </>
  );
}
