import { drawLines } from "#bench/report/charts.ts";
import type { Report } from "./connections-report.ts";

/** SVG texts by file name. */
export const drawCharts = ({ arrival, floor, restarts }: Report): Record<string, string> => ({
  "connections.svg": drawLines(
    {
      title: "Connected clients",
      subtitle: "whose hello is answered; from the first connection, and from the moment that the server is ended",
      xName: "seconds",
      series: [
        { name: "connecting", points: arrival.curve },
        { name: "bare ws, connecting", points: floor.arrival.curve },
        ...restarts.map(({ how, curve }) => ({ name: `after ${how}`, points: curve })),
      ],
    },
    420,
  ),
});
