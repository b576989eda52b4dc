import { Badge, Table } from "@mantine/core";
import { dateOf } from "#dashboard/text/time.ts";
import { countOf } from "#dashboard/text/words.ts";
import type { Hold } from "#protocol/holds.ts";
import type { MonthState, RetentionMonth, WaitsFor } from "#protocol/retention.ts";
import classes from "./month-list.module.css";

const words: Record<MonthState, { state: string; next: string }> = {
  live: { state: "Live", next: "" },
  archived: { state: "Archived", next: "Archived" },
  exported: { state: "Exported", next: "Exported, then deleted a week later" },
  detached: { state: "Deleted soon", next: "Set aside for a week" },
  dropped: { state: "Deleted", next: "Deleted" },
};

const number = new Intl.NumberFormat();
const size = new Intl.NumberFormat(undefined, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
const monthName = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" });

export function MonthList({ months, holds }: { months: RetentionMonth[]; holds: Hold[] }) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Month</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th className={classes.number}>Messages</Table.Th>
            <Table.Th className={classes.number}>Size</Table.Th>
            <Table.Th>What comes next</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {months.map(month => (
            <Table.Tr key={month.month}>
              <Table.Td>{monthName.format(new Date(`${month.month}-01`))}</Table.Td>
              <Table.Td>
                <Badge variant={month.state === "live" ? "light" : "default"} tt="none" fw={400}>
                  {words[month.state].state}
                </Badge>
              </Table.Td>
              <Table.Td className={classes.number}>
                {month.messages === null ? "–" : number.format(Math.round(month.messages))}
              </Table.Td>
              <Table.Td className={classes.number}>
                {month.state === "dropped" ? "–" : size.format(month.sizeBytes / 1024 / 1024)}
              </Table.Td>
              <Table.Td>{describeNext(month, holds)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function describeNext({ state, droppedAt, nextStep, nextAt, waitsFor }: RetentionMonth, held: Hold[]): string {
  if (state === "dropped")
    return droppedAt ? `Deleted on ${dateOf(Date.parse(droppedAt))}; its export is in the storage` : "";
  const holds = waitsFor.filter(({ reason }) => reason === "hold");
  if (holds.length > 0) return `Waits until ${inWords(holds, held)} ${holds.length === 1 ? "is" : "are"} lifted`;
  const unconfirmed = waitsFor.filter(({ reason }) => reason === "confirmation");
  if (unconfirmed.some(({ websiteId }) => websiteId !== null)) return "Waits until you save how long it is kept, above";
  if (unconfirmed.length > 0) return "Waits until another website confirms how long it is kept";
  if (!nextStep || !nextAt) return "";
  const when = Date.parse(nextAt) > Date.now() ? `from ${dateOf(Date.parse(nextAt))} on` : "with one of the next runs";
  return `${words[nextStep].next} ${when}`;
}

/** Of this website each hold by its reason, of others their number: “Case 12/2026” and 2 legal holds of other websites. */
function inWords(holds: WaitsFor[], held: Hold[]): string {
  const reasons = holds.flatMap(({ holdId }) => held.find(({ targetId }) => targetId === holdId)?.reason ?? []);
  const unnamed = holds.length - reasons.length;
  const parts = reasons.slice(0, maxNamed).map(reason => `“${reason}”`);
  if (reasons.length > maxNamed) parts.push(countOf(reasons.length - maxNamed, "more hold"));
  if (unnamed > 0)
    parts.push(`${countOf(unnamed, "legal hold")} of ${unnamed === 1 ? "another website" : "other websites"}`);
  const names = ["", "the legal hold ", "the legal holds "][Math.min(reasons.length, 2)];
  return `${names}${new Intl.ListFormat("en").format(parts)}`;
}

const maxNamed = 3;
