import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { HealthCheck } from "#protocol/health.ts";
import classes from "./database.module.css";
import { inUnit } from "./words.ts";

type Props = {
  /** seconds since 1970 and value, the oldest first */
  points: [number, number][];
  unit: HealthCheck["unit"];
  healthy: { from?: number; to?: number } | null;
  label: string;
};

const height = 168;

/** One line over time, from zero, with the healthy range shaded. */
export default function Chart({ points, unit, healthy, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours of the scheme are read from the page
  useEffect(() => {
    const element = box.current!;
    const plot = new UPlot(optionsOf(element, unit, healthy), columnsOf(points), element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [points, unit, healthy, scheme]);
  const last = points.at(-1)!;
  return <div ref={box} className={classes.plot} role="img" aria-label={`${label} Now ${inUnit(last[1], unit)}.`} />;
}

const columnsOf = (points: [number, number][]): [number[], number[]] => [
  points.map(([time]) => time),
  points.map(([, value]) => value),
];

function optionsOf(element: HTMLElement, unit: HealthCheck["unit"], healthy: Props["healthy"]): UPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--mantine-color-dimmed"),
    grid: { stroke: colour("--border"), width: 1 },
    ticks: { show: false },
  };
  const font = "12px system-ui, sans-serif";
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, healthy?.to ?? 0, 0.001)] } },
    axes: [
      { ...axis, font, space: 64, size: 28, values: (_plot, splits, _axis, _space, step) => splits.map(inSteps(step)) },
      {
        ...{ ...axis, font, size: 64, ...(unit === "bytes" && { incrs: powersOfTwo }) },
        values: (_plot, splits) => splits.map(value => inUnit(value, unit)),
      },
    ],
    series: [{}, { stroke: colour("--line"), width: 2, points: { show: false } }],
    hooks: { drawClear: [plot => healthy && shade(plot, healthy, colour("--healthy"))] },
  };
}

/** So that an axis says "64 MB", "128 MB", not "61 MB", "122.1 MB". */
const powersOfTwo = Array.from({ length: 54 }, (_, power) => 2 ** power);

const daySeconds = 86_400;
const days = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const hours = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });

/** @param step  seconds between two of the times */
const inSteps = (step: number) => (time: number) => (step < daySeconds ? hours : days).format(time * 1000);

function shade({ ctx, bbox, valToPos }: UPlot, { from = 0, to = 0 }: NonNullable<Props["healthy"]>, colour: string) {
  const top = Math.max(bbox.top, valToPos(to, "y", true));
  const bottom = Math.min(bbox.top + bbox.height, valToPos(from, "y", true));
  ctx.fillStyle = colour;
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
}
