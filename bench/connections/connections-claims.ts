import type { Claim } from "#bench/report/claims.ts";
import { inUnits } from "#bench/report/table.ts";
import { isFlawless, sayVerdict } from "#lab/load/check.ts";
import { bytesOf, type Report } from "./connections-report.ts";

const mostOfFloor = 1.4;
const mostConnectSeconds = 60;
const mostMessageMs = 150;
const mostBackSeconds = 90;

export function judge({ settings, held, floor, arrival, talking, restarts, people, verdict }: Report): Claim[] {
  const times = bytesOf(held, "rssBytes") / bytesOf(floor, "rssBytes");
  // What a start leaves behind may be given back only later: the whole is told beside the difference.
  const ofAll = held.after.rssBytes / floor.after.rssBytes;
  const visitors = inUnits(settings.visitors);
  return [
    {
      claim: `${visitors} visitors are connected within ${mostConnectSeconds} s`,
      measured: `${inUnits(held.connections)} in ${arrival.seconds} s`,
      kept: held.connections === settings.visitors && arrival.seconds <= mostConnectSeconds,
    },
    {
      claim: `a connection takes at most ${mostOfFloor} times the memory of bare ws`,
      measured: `${times.toFixed(2)} times; ${ofAll.toFixed(2)} times with all that the processes held before`,
      kept: times <= mostOfFloor,
    },
    ...(["acknowledged", "delivered"] as const).map(what => ({
      claim: `${inUnits(talking.asked)} messages/s among them: p99 until ${what} is at most ${mostMessageMs} ms`,
      measured: `${talking[what].p99Ms} ms`,
      kept: talking.unfinished === 0 && talking.failures.length === 0 && talking[what].p99Ms <= mostMessageMs,
    })),
    ...restarts.map(({ how, back, completeSeconds }) => ({
      claim: `after ${how} to all processes everybody is back and complete within ${mostBackSeconds} s`,
      measured:
        completeSeconds === null
          ? `${inUnits(back)} of ${inUnits(people)} were back, and not all of them complete, after 300 s`
          : `${inUnits(back)} of ${inUnits(people)} in ${completeSeconds} s`,
      kept: back === people && completeSeconds !== null && completeSeconds <= mostBackSeconds,
    })),
    {
      claim: "nothing is lost, doubled or out of order, and all is delivered",
      measured: sayVerdict(verdict),
      kept: isFlawless(verdict),
    },
  ];
}
