import { inMillions, judge } from "./claims.ts";
import { bytesPerMessage, oursAt, type Report, type SizeReport, type Storage, type Timing } from "./report.ts";
import { type Question, questions } from "./schema.ts";

/** Claims, then the tables of each size; read as well in a terminal as on a page. */
export function toMarkdown(report: Report): string {
  const { machine } = report;
  return [
    `Measured on ${report.date} with \`${report.command}\`: PostgreSQL ${report.postgres}, ${machine.cores} cores ` +
      `(${machine.cpu}), ${machine.memoryGb} GB; texts: ${report.texts}.`,
    table(
      ["what is claimed", "what came out", ""],
      judge(report.sizes).map(({ claim, measured, kept }) => [claim, measured, kept ? "kept" : "**missed**"]),
    ),
    ...report.sizes.flatMap(size => sectionOf(size)),
  ].join("\n\n");
}

function sectionOf(size: SizeReport): string[] {
  return [
    `### ${inMillions(size.messages)} messages`,
    `${count(size.conversations)} conversations of ${count(size.websites)} websites; the largest has ` +
      `${count(size.openOfLargest)} open ones. Milliseconds, median / 95th percentile; how many times ours it takes in ` +
      "brackets, where ours was measured in turns with it; rows of the answer.",
    readsTable(size),
    storageTable(size),
    insertsTable(size),
  ];
}

function readsTable(size: SizeReport): string {
  const rows = (Object.keys(questions) as Question[]).flatMap(question => {
    const cellsOf = (asWritten: boolean) =>
      size.peers.map(({ reads }) => {
        const read = reads.find(each => each.question === question && each.asWritten === asWritten);
        return read ? timingCell(read.theirs, read.theirs.medianMs / read.ours.medianMs) : "–";
      });
    const written = cellsOf(true);
    return [
      [questions[question], timingCell(oursAt(size, question)!), ...cellsOf(false)],
      ...(written.some(cell => cell !== "–") ? [[`the same, as the guide writes it`, "", ...written]] : []),
    ];
  });
  return table(["", "ours", ...size.peers.map(({ title }) => title)], rows);
}

const timingCell = ({ medianMs, p95Ms, rows }: Timing, times?: number) =>
  `${ms(medianMs)} / ${ms(p95Ms)}${times ? ` (×${times < 10 ? times.toFixed(1) : count(times)})` : ""}, ${count(rows)}`;

function storageTable(size: SizeReport): string {
  const cells = ({ messages, heapBytes, indexBytes, trigramBytes, ...rest }: Storage, name: string) => [
    name,
    (heapBytes / messages).toFixed(0),
    (indexBytes / messages).toFixed(0),
    trigramBytes > 0 ? (trigramBytes / messages).toFixed(0) : "–",
    bytesPerMessage({ messages, heapBytes, indexBytes, trigramBytes, ...rest }).toFixed(0),
  ];
  return table(
    ["bytes a message", "heap", "indexes", "trigram index", "sum"],
    [cells(size.storage, "ours"), ...size.peers.map(({ storage, title }) => cells(storage, title))],
  );
}

function insertsTable(size: SizeReport): string {
  return table(
    ["messages written a second, 64 clients", "theirs", "ours", "ours, a transaction a message", "ours ÷ theirs"],
    size.peers.map(({ title, inserts }) => [
      title,
      ...[inserts.theirs, inserts.ours, inserts.oursOneByOne].map(
        rate => `${count(rate.perSecond)} (p99 ${ms(rate.p99Ms)} ms)`,
      ),
      (inserts.ours.perSecond / inserts.theirs.perSecond).toFixed(1),
    ]),
  );
}

const ms = (value: number) => (value >= 100 ? count(value) : value.toFixed(value >= 10 ? 1 : 2));
const count = (value: number) => Math.round(value).toLocaleString("en-US");

function table(head: string[], rows: string[][]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map(row => row[i]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map(width => "-".repeat(width))), ...rows.map(line)].join("\n");
}
