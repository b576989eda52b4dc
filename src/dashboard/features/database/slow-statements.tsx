import { Table, Text } from "@mantine/core";
import { momentOf } from "#dashboard/text/time.ts";
import type { HealthQueries } from "#protocol/health.ts";
import classes from "./queries.module.css";
import { inMs } from "./words.ts";

/** The last statements that took too long, with the ids of their requests, which the log has, too. */
export function SlowStatements({ slow }: { slow: HealthQueries["slow"] }) {
  return (
    <>
      <h3 className={classes.title}>The last slow statements</h3>
      {slow.length === 0 ? (
        <Text c="dimmed">None was slow since the server started.</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard
        <section className={classes.scroll} tabIndex={0} aria-label="The last slow statements">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Query</Table.Th>
                <Table.Th className={classes.number}>Took</Table.Th>
                <Table.Th className={classes.number}>Waited before</Table.Th>
                <Table.Th className={classes.number}>Rows</Table.Th>
                <Table.Th>Requests</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {slow.map(({ at, query, ms, waitedMs, rows, requests }) => (
                <Table.Tr key={`${at} ${query} ${ms}`}>
                  <Table.Td className={classes.when}>{momentOf(Date.parse(at))}</Table.Td>
                  <Table.Td>{query}</Table.Td>
                  <Table.Td className={classes.number}>{inMs(ms)}</Table.Td>
                  <Table.Td className={classes.number}>{waitedMs === 0 ? "–" : inMs(waitedMs)}</Table.Td>
                  <Table.Td className={classes.number}>{rows ?? "failed"}</Table.Td>
                  <Table.Td>{listRequests(requests)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </>
  );
}

/** A batch may have hundreds. */
const listRequests = ([first = "", ...others]: string[]) =>
  others.length > 0 ? `${first} and ${others.length} more` : first;
