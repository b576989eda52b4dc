import * as echarts from "echarts";

/** Distinct also for colour-blind readers. The chart has its own background, so it fits light and dark pages. */
const colours = ["#0f766e", "#94a3b8", "#64748b", "#f59e0b", "#7c3aed"];
const textStyle = { fontFamily: "system-ui, sans-serif", color: "#1f2937" };
const axisLabel = { color: "#4b5563" };
const splitLine = { lineStyle: { color: "#e5e7eb" } };
/** The start of logarithmic bars. */
const logMin = 0.01;

export type Bars = {
  title: string;
  subtitle: string;
  log: boolean;
  groups: string[];
  series: { name: string; values: (number | null)[] }[];
};

/** @returns an SVG text */
export function drawBars({ title, subtitle, log, groups, series }: Bars, height: number): string {
  return draw(title, height, {
    title: titleOf(title, subtitle),
    legend: { top: 62, left: 12, textStyle, itemGap: 40 },
    grid: { left: 240, right: 72, top: 100, bottom: 36 },
    xAxis: {
      type: log ? "log" : "value",
      ...(log && { min: logMin, startValue: logMin }),
      axisLabel,
      splitLine,
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
}

export type Lines = {
  title: string;
  subtitle: string;
  xName: string;
  series: { name: string; points: [x: number, y: number][] }[];
};

/** @returns an SVG text */
export function drawLines({ title, subtitle, xName, series }: Lines, height: number): string {
  return draw(title, height, {
    title: titleOf(title, subtitle),
    legend: { top: 62, left: 12, textStyle, itemGap: 40 },
    grid: { left: 80, right: 48, top: 100, bottom: 52 },
    xAxis: { type: "value", name: xName, nameLocation: "middle", nameGap: 30, min: 0, axisLabel, splitLine },
    yAxis: { type: "value", axisLabel, splitLine },
    series: series.map(({ name, points }) => ({
      type: "line",
      name,
      data: points,
      showSymbol: false,
      lineStyle: { width: 2 },
    })),
  });
}

const titleOf = (text: string, subtext: string) => ({
  text,
  subtext,
  left: 16,
  top: 10,
  textStyle,
  subtextStyle: { color: "#4b5563" },
});

function draw(title: string, height: number, option: echarts.EChartsCoreOption): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 960, height });
  chart.setOption({ animation: false, backgroundColor: "#ffffff", color: colours, textStyle, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg.replace(/^<svg[^>]*>/, `$&<title>${title}</title>`); // for screen readers
}

function labelOf({ value }: { value?: unknown }): string {
  if (typeof value !== "number") return "";
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(2)));
}
