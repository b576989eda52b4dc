import { Skeleton, Table, Text } from "@mantine/core";
import { explain } from "#dashboard/data/api.ts";
import classes from "./database.module.css";
import { useSessions } from "./health.ts";
import { inUnit } from "./words.ts";

export function Sessions({ websiteId }: { websiteId: number }) {
  const { data, error } = useSessions(websiteId);
  if (!data) return error ? <Text>{explain(error)}</Text> : <Skeleton height={40} />;
  const { sessions } = data;
  if (sessions.length === 0) return <Text c="dimmed">No program works in the database at this moment.</Text>;
  return (
    <div className={classes.scroll}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Program</Table.Th>
            <Table.Th>Process</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th className={classes.number}>For</Table.Th>
            <Table.Th>Waits for process</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map(session => (
            <Table.Tr key={session.pid}>
              <Table.Td>{session.program}</Table.Td>
              <Table.Td>{session.pid}</Table.Td>
              <Table.Td>{session.state}</Table.Td>
              <Table.Td className={classes.number}>
                {inUnit(Math.max(0, session.transactionSeconds), "seconds")}
              </Table.Td>
              <Table.Td>{session.blockedBy.join(", ")}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
