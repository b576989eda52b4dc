import { drawBars } from "#bench/report/charts.ts";
import { medianFloor, medianRound, type Report } from "./pipeline-report.ts";

/** SVG texts by file name. */
export function drawCharts({ systems, floor }: Report): Record<string, string> {
  const rates = systems.map(system => medianRound(system).full.messagesPerSecond);
  const at = (what: "acknowledged" | "delivered", load: "full" | "half") =>
    systems.map(system => medianRound(system)[load][what].p99Ms);
  const titles = systems.map(({ title }) => title);
  const hasFloor = floor.length > 0;
  return {
    "pipeline-rates.svg": drawBars(
      {
        title: "Messages acknowledged and delivered a second",
        subtitle: "at full load; longer is better",
        log: false,
        groups: [...titles, ...(hasFloor ? [`floor: ${medianFloor(floor).by}, delivers nothing`] : [])],
        series: [
          { name: "messages/s", values: [...rates, ...(hasFloor ? [medianFloor(floor).messagesPerSecond] : [])] },
        ],
      },
      320,
    ),
    "pipeline-delays.svg": drawBars(
      {
        title: "99th percentile of delay",
        subtitle: "ms, logarithmic; shorter is better",
        log: true,
        groups: titles,
        series: [
          { name: "acknowledged, full load", values: at("acknowledged", "full") },
          { name: "delivered, full load", values: at("delivered", "full") },
          { name: "acknowledged, half load", values: at("acknowledged", "half") },
          { name: "delivered, half load", values: at("delivered", "half") },
        ],
      },
      380,
    ),
  };
}
