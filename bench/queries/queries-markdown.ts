import { claimsTable } from "#bench/report/claims.ts";
import { describeRun } from "#bench/report/run.ts";
import { inMs, inUnits, table } from "#bench/report/table.ts";
import { type Question, questions } from "./peers/peer.ts";
import { inMillions, judge } from "./queries-claims.ts";
import { bytesPerMessage, oursAt, type Report, type SizeReport, type Storage, type Timing } from "./queries-report.ts";

/** Claims, then the tables of each size; for a terminal and for a page. */
export function toMarkdown(report: Report): string {
  return [
    `${describeRun(report, report.postgres)}; texts: ${report.texts}.`,
    claimsTable(judge(report.sizes)),
    ...report.sizes.flatMap(size => sectionOf(size)),
  ].join("\n\n");
}

function sectionOf(size: SizeReport): string[] {
  return [
    `### ${inMillions(size.messages)} messages`,
    `${inUnits(size.conversations)} conversations of ${inUnits(size.websites)} websites; the largest has ` +
      `${inUnits(size.openOfLargest)} open ones. Milliseconds, median / 95th percentile; in brackets how many times ours, ` +
      "measured in turn with it; then the rows of the answer.",
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
  `${inMs(medianMs)} / ${inMs(p95Ms)}${times ? ` (×${times < 10 ? times.toFixed(1) : inUnits(times)})` : ""}, ${inUnits(rows)}`;

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
    ["messages written a second, 64 clients", "theirs", "ours", "ours, one transaction a message", "ours ÷ theirs"],
    size.peers.map(({ title, inserts }) => [
      title,
      ...[inserts.theirs, inserts.ours, inserts.oursOneByOne].map(
        rate => `${inUnits(rate.perSecond)} (p99 ${inMs(rate.p99Ms)} ms)`,
      ),
      (inserts.ours.perSecond / inserts.theirs.perSecond).toFixed(1),
    ]),
  );
}
