import { type Bars, drawBars } from "#bench/report/charts.ts";
import { type Question, questions } from "./peers/peer.ts";
import { inMillions } from "./queries-claims.ts";
import { bytesPerMessage, oursAt, type SizeReport } from "./queries-report.ts";

/** SVG texts by file name. */
export function drawCharts(sizes: SizeReport[]): Record<string, string> {
  return Object.fromEntries(
    sizes.flatMap(size => {
      const name = size.messages >= 1_000_000 ? `${size.messages / 1_000_000}m` : `${size.messages / 1_000}k`;
      return [
        [`reads-${name}.svg`, drawBars(readsOf(size), 560)],
        [`inserts-${name}.svg`, drawBars(insertsOf(size), 360)],
        [`bytes-${name}.svg`, drawBars(bytesOf(size), 360)],
      ];
    }),
  );
}

function readsOf(size: SizeReport): Bars {
  const asked = Object.keys(questions) as Question[];
  return {
    title: `Reads at ${inMillions(size.messages)} messages`,
    subtitle: "median in ms, one client, warm, logarithmic; shorter is better",
    log: true,
    groups: asked.map(question => questions[question]),
    series: [
      { name: "ours", values: asked.map(question => oursAt(size, question)!.medianMs) },
      ...size.peers.map(({ title, reads }) => ({
        name: title,
        values: asked.map(
          question => reads.find(read => read.question === question && !read.asWritten)?.theirs.medianMs ?? null,
        ),
      })),
    ],
  };
}

function insertsOf({ messages, peers }: SizeReport): Bars {
  return {
    title: `Messages written a second at ${inMillions(messages)} messages`,
    subtitle: "64 clients, each pair in turn; longer is better",
    log: false,
    groups: peers.map(({ title }) => `beside ${title}`),
    series: [
      { name: "ours", values: peers.map(({ inserts }) => inserts.ours.perSecond) },
      { name: "ours, one transaction a message", values: peers.map(({ inserts }) => inserts.oursOneByOne.perSecond) },
      { name: "theirs", values: peers.map(({ inserts }) => inserts.theirs.perSecond) },
    ],
  };
}

function bytesOf({ messages, peers, storage }: SizeReport): Bars {
  const all = [{ title: "ours", storage }, ...peers];
  const seriesOf = (name: string, bytes: (of: typeof storage) => number) => ({
    name,
    values: all.map(each => Math.round(bytes(each.storage))),
  });
  return {
    title: `Bytes a message at ${inMillions(messages)} messages`,
    subtitle: "shorter is better",
    log: false,
    groups: all.map(({ title }) => title),
    series: [
      seriesOf("heap", of => of.heapBytes / of.messages),
      seriesOf("heap and indexes", of => bytesPerMessage({ ...of, trigramBytes: 0 })),
      ...(all.some(each => each.storage.trigramBytes > 0) ? [seriesOf("and trigram index", bytesPerMessage)] : []),
    ],
  };
}
