import { Button, Group, Skeleton, Table, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { dateOf } from "#dashboard/text/time.ts";
import { countOf } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { limits } from "#protocol/limits.ts";
import type { Erasure } from "#protocol/privacy.ts";
import { useErasures } from "./privacy.ts";

export function ErasuresList({ websiteId }: { websiteId: number }) {
  const erasures = useErasures(websiteId);
  if (erasures.isPending) return <Skeleton height={120} role="status" aria-label="Loading deleted people" />;
  if (!erasures.data) {
    return (
      <Failure what="The list could not be loaded" error={erasures.error} onRetry={() => void erasures.refetch()} />
    );
  }
  if (erasures.data.length === 0) {
    return (
      <StateMessage icon={<IconShieldCheck size={32} stroke={1.5} />} title="No visitor was deleted">
        Visitors delete their data in the chat, under “Your data”. Admins do it in the details of a conversation.
      </StateMessage>
    );
  }
  return (
    <>
      <Table.ScrollContainer minWidth={560}>
        <Table aria-label="Deleted people">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Visitor</Table.Th>
              <Table.Th>Deleted</Table.Th>
              <Table.Th>Now</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {erasures.data.map(erasure => (
              <Row key={erasure.visitorId} erasure={erasure} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {erasures.hasNextPage && (
        <Group mt={16}>
          <Button variant="default" loading={erasures.isFetchingNextPage} onClick={() => void erasures.fetchNextPage()}>
            Show older ones
          </Button>
        </Group>
      )}
    </>
  );
}

const Row = ({ erasure }: { erasure: Erasure }) => (
  <Table.Tr>
    <Table.Td>
      <Text size="xs" ff="monospace">
        {erasure.visitorId}
      </Text>
    </Table.Td>
    <Table.Td>
      <Ago moment={erasure.requestedAt} />
    </Table.Td>
    <Table.Td>{stateOf(erasure)}</Table.Td>
  </Table.Tr>
);

function stateOf({ requestedAt, erasedAt, removed, inBackups, inBackupsUntil }: Erasure): string {
  if (!erasedAt) {
    const until = Date.parse(requestedAt) + limits.undoDays * 86_400_000;
    return `In the trash until ${dateOf(until)}, then erased`;
  }
  const { conversations = 0, messages = 0, messages_archive: archived = 0 } = removed;
  const went = `${countOf(conversations, "conversation")}, ${countOf(messages + archived, "message")}`;
  return `Erased ${dateOf(Date.parse(erasedAt))}: ${went}. ${backupsOf(inBackups, inBackupsUntil)}`;
}

function backupsOf(count: number | null, until: string | null): string {
  if (count === null) return "Where backups are does not answer, so what they hold is not known.";
  if (count === 0) return "No backup holds them.";
  const may = `${countOf(count, "backup")} may hold them until`;
  return until ? `${may} ${dateOf(Date.parse(until))}.` : `${may} somebody deletes ${count === 1 ? "it" : "them"}.`;
}
