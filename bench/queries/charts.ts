import * as echarts from "echarts";
import { inMillions } from "./claims.ts";
import { bytesPerMessage, oursAt, type SizeReport } from "./report.ts";
import { type Question, questions } from "./schema.ts";

/** Told apart by people who see no red or green, too; a background of its own, for pages light and dark. */
const colours = ["#0f766e", "#94a3b8", "#64748b", "#f59e0b", "#7c3aed"];
/** Where logarithmic bars begin. */
const leastMs = 0.01;
const textStyle = { fontFamily: "system-ui, sans-serif", color: "#1f2937" };

type Bars = {
  title: string;
  subtitle: string;
  log: boolean;
  groups: string[];
  series: { name: string; values: (number | null)[] }[];
};

/** SVG texts by file name. */
export function drawCharts(sizes: SizeReport[]): Record<string, string> {
  return Object.fromEntries(
    sizes.flatMap(size => {
      const name = size.messages >= 1_000_000 ? `${size.messages / 1_000_000}m` : `${size.messages / 1_000}k`;
      return [
        [`reads-${name}.svg`, draw(readsOf(size), 560)],
        [`inserts-${name}.svg`, draw(insertsOf(size), 360)],
        [`bytes-${name}.svg`, draw(bytesOf(size), 360)],
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
    subtitle: "64 clients, each pair in turns; longer is better",
    log: false,
    groups: peers.map(({ title }) => `beside ${title}`),
    series: [
      { name: "ours", values: peers.map(({ inserts }) => inserts.ours.perSecond) },
      { name: "ours, a transaction a message", values: peers.map(({ inserts }) => inserts.oursOneByOne.perSecond) },
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

function draw({ title, subtitle, log, groups, series }: Bars, height: number): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 960, height });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    color: colours,
    textStyle,
    title: { text: title, subtext: subtitle, left: 16, top: 10, textStyle, subtextStyle: { color: "#4b5563" } },
    legend: { top: 62, left: 12, textStyle, itemGap: 40 },
    grid: { left: 240, right: 72, top: 100, bottom: 36 },
    xAxis: {
      type: log ? "log" : "value",
      ...(log && { min: leastMs, startValue: leastMs }),
      axisLabel: { color: "#4b5563" },
      splitLine: { lineStyle: { color: "#e5e7eb" } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: groups,
      axisLabel: { color: "#1f2937", width: 200, overflow: "break" },
    },
    series: series.map(({ name, values }) => ({
      type: "bar",
      name,
      data: values,
      barMaxWidth: 14,
      label: { show: true, position: "right", color: "#1f2937", fontSize: 10, formatter: labelOf },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg.replace(/^<svg[^>]*>/, `$&<title>${title}</title>`); // for those who have it read to them
}

function labelOf({ value }: { value?: unknown }): string {
  if (typeof value !== "number") return "";
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(2)));
}
