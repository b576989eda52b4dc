import { Button, Skeleton, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { Fragment, useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { momentOf } from "#dashboard/text/time.ts";
import type { HealthQueries } from "#protocol/health.ts";
import { useQueries } from "./health.ts";
import classes from "./queries.module.css";
import { QueryPlan } from "./query-plan.tsx";
import { SlowStatements } from "./slow-statements.tsx";
import { inMs } from "./words.ts";

type Row = HealthQueries["queries"][number];
type Column = {
  id: "totalMs" | "share" | "calls" | "meanMs" | "p95Ms" | "p99Ms";
  title: string;
  show(row: Row): string;
};

const number = new Intl.NumberFormat();
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });

const columns: Column[] = [
  { id: "calls", title: "Calls", show: row => number.format(row.calls) },
  { id: "meanMs", title: "Mean", show: row => inMs(row.meanMs) },
  { id: "p95Ms", title: "95% below", show: row => inMs(row.p95Ms) },
  { id: "p99Ms", title: "99% below", show: row => inMs(row.p99Ms) },
  { id: "totalMs", title: "In all", show: row => inMs(row.totalMs) },
  { id: "share", title: "Share", show: row => percent.format(row.share) },
];

const firstRows = 15;

/** How long each query took, the costliest first; its plan is one press deeper. */
export default function QueryTable({ websiteId }: { websiteId: number }) {
  const { data, error, refetch } = useQueries(websiteId);
  if (!data)
    return error ? (
      <Stack gap={8} align="start">
        <Text>{explain(error)}</Text>
        <Button variant="default" onClick={() => void refetch()}>
          Try again
        </Button>
      </Stack>
    ) : (
      <Skeleton height={320} aria-label="Loading" />
    );
  return (
    <>
      <p className={classes.lead}>
        Counted since {momentOf(Date.parse(data.since))}. “95% below” is the time that 95 of 100 calls did not exceed.
      </p>
      {data.queries.length > 0 ? (
        <Rows websiteId={websiteId} rows={data.queries} />
      ) : (
        <Text c="dimmed">No query has been counted yet. Look again in a minute.</Text>
      )}
      <SlowStatements slow={data.slow} />
    </>
  );
}

function Rows({ websiteId, rows }: { websiteId: number; rows: Row[] }) {
  const [sort, setSort] = useState<Column["id"]>("totalMs");
  const [opened, setOpened] = useState<string | null>(null);
  const [isWhole, setWhole] = useState(false);
  const sorted = rows.toSorted((a, b) => b[sort] - a[sort]);
  const shown = isWhole ? sorted : sorted.slice(0, firstRows);
  return (
    <>
      <div className={classes.scroll}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Query</Table.Th>
              {columns.map(({ id, title }) => (
                <Table.Th key={id} className={classes.number} aria-sort={sort === id ? "descending" : "none"}>
                  <UnstyledButton className={classes.sort} data-active={sort === id} onClick={() => setSort(id)}>
                    {title}
                    <span aria-hidden="true">{sort === id ? " ↓" : ""}</span>
                  </UnstyledButton>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(row => (
              <Fragment key={row.name}>
                <Table.Tr>
                  <Table.Td>
                    <Name
                      row={row}
                      isOpen={opened === row.name}
                      onToggle={name => setOpened(opened === name ? null : name)}
                    />
                  </Table.Td>
                  {columns.map(({ id, show }) => (
                    <Table.Td key={id} className={classes.number}>
                      {show(row)}
                    </Table.Td>
                  ))}
                </Table.Tr>
                {opened === row.name && (
                  <Table.Tr>
                    <Table.Td colSpan={columns.length + 1}>
                      <QueryPlan websiteId={websiteId} name={row.name} />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {sorted.length > firstRows && !isWhole && (
        <Button className={classes.more} variant="default" onClick={() => setWhole(true)}>
          Show all {sorted.length}
        </Button>
      )}
    </>
  );
}

function Name({ row, isOpen, onToggle }: { row: Row; isOpen: boolean; onToggle(name: string): void }) {
  if (!row.hasPlan) return <span className={classes.name}>{row.name}</span>;
  return (
    <UnstyledButton className={classes.toggle} aria-expanded={isOpen} onClick={() => onToggle(row.name)}>
      <span className={classes.mark} aria-hidden="true">
        {isOpen ? "▾" : "▸"}
      </span>
      {row.name}
    </UnstyledButton>
  );
}
