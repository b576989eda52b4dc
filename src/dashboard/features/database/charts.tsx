import { Skeleton, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { explain } from "#dashboard/data/api.ts";
import { exactTime } from "#dashboard/text/time.ts";
import type { HealthCheck, HealthHistory, HealthPeriod } from "#protocol/health.ts";
import classes from "./database.module.css";
import { useHistory } from "./health.ts";
import { inUnit } from "./words.ts";

/** The library of the charts loads after the page stands. */
const Chart = lazy(() => import("./chart.tsx"));

type Shown = { id: string; title: string; period: HealthPeriod; healthy?: { from?: number; to?: number } };

const shown: Shown[] = [
  { id: "database-size", title: "How large is the database?", period: "day" },
  { id: "connections", title: "How many connections are used?", period: "minute", healthy: { to: 80 } },
  { id: "pool", title: "How long do queries wait for a connection?", period: "minute", healthy: { to: 1 } },
  { id: "event-loop", title: "How long does a process stand still?", period: "minute", healthy: { to: 1 } },
  { id: "locks", title: "How many sessions wait for a lock?", period: "minute", healthy: { to: 0.5 } },
  { id: "cache-hits", title: "How much is read from the cache?", period: "minute", healthy: { from: 95, to: 100 } },
];

const idsOf = (period: HealthPeriod) => shown.filter(each => each.period === period).map(({ id }) => id);

export function Charts({ websiteId, checks }: { websiteId: number; checks: HealthCheck[] }) {
  const minutes = useHistory(websiteId, "minute", idsOf("minute"));
  const days = useHistory(websiteId, "day", idsOf("day"));
  const error = minutes.error ?? days.error;
  if (!minutes.data || !days.data) return error ? <Text>{explain(error)}</Text> : <Skeleton height={320} />;
  const histories = { minute: minutes.data, day: days.data };
  return (
    <div className={classes.charts}>
      {shown.map(each => {
        const check = checks.find(({ id }) => id === each.id);
        return check && <ChartCard key={each.id} shown={each} unit={check.unit} history={histories[each.period]} />;
      })}
    </div>
  );
}

const tableRows = 24;

function ChartCard({ shown, unit, history }: { shown: Shown; unit: HealthCheck["unit"]; history: HealthHistory }) {
  const points = history.rows.flatMap(({ at, figures }) => {
    const value = figures[shown.id];
    return value === undefined ? [] : [[Date.parse(at) / 1000, value] as [number, number]];
  });
  const span = shown.period === "minute" ? "last 24 hours" : "last 400 days";
  return (
    <figure className={classes.chart}>
      <figcaption>
        <h3 className={classes.title}>{shown.title}</h3>
        <span className={classes.dimmed}>{span}</span>
      </figcaption>
      {points.length < 2 ? (
        <div className={classes.noPoints}>
          {points.length === 0
            ? "Nothing was measured yet."
            : `${inUnit(points[0]![1], unit)}. A line needs a second value.`}
        </div>
      ) : (
        <Suspense fallback={<Skeleton height={168} />}>
          <Chart points={points} unit={unit} healthy={shown.healthy ?? null} label={shown.title} />
        </Suspense>
      )}
      <details className={classes.table}>
        <summary>The last values</summary>
        <table>
          <tbody>
            {points
              .slice(-tableRows)
              .toReversed()
              .map(([time, value]) => (
                <tr key={time}>
                  <td>{exactTime(new Date(time * 1000).toISOString())}</td>
                  <td className={classes.number}>{inUnit(value, unit)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
