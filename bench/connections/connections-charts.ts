import { drawLines } from "#bench/report/charts.ts";
import type { Report } from "./connections-report.ts";

/** SVG texts by file name. */
export const drawCharts = ({ arrival, floor, restarts }: Report): Record<string, string> => ({
  "connections.svg": drawLines(
    {
      title: "Connected clients",
      subtitle: "clients with an answered hello; time from the first connection, or from the signal to the server",
      xName: "seconds",
      series: [
        { name: "connecting", points: arrival.curve },
        { name: "bare ws, connecting", points: floor.arrival.curve },
        ...restarts.map(({ signal, curve }) => ({ name: `after ${signal}`, points: curve })),
      ],
    },
    420,
  ),
});
