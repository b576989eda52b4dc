import type { Claim } from "#bench/report/claims.ts";
import { inUnits } from "#bench/report/table.ts";
import { describeVerdict, isFlawless } from "#lab/load/check.ts";
import { bytesPerConnection, type Report } from "./connections-report.ts";
import { restartLimitSeconds } from "./measure-restart.ts";

const maxTimesFloor = 1.4;
const maxConnectSeconds = 60;
const maxMessageMs = 150;
const maxBackSeconds = 90;

export function judge(report: Report): Claim[] {
  const { settings, held, arrival, verdict } = report;
  return [
    {
      claim: `${inUnits(settings.visitors)} visitors are connected within ${maxConnectSeconds} s`,
      measured: `${inUnits(held.connections)} in ${arrival.seconds} s`,
      isKept: held.connections === settings.visitors && arrival.seconds <= maxConnectSeconds,
    },
    judgeMemory(report),
    ...judgeMessages(report),
    ...judgeRestarts(report),
    {
      claim: "no message is lost, doubled, out of order or undelivered",
      measured: describeVerdict(verdict),
      isKept: isFlawless(verdict),
    },
  ];
}

/** Memory from the start may be freed only later, so the total is given too. */
function judgeMemory({ held, floor }: Report): Claim {
  const times = bytesPerConnection(held, "rssBytes") / bytesPerConnection(floor, "rssBytes");
  const timesInAll = held.after.rssBytes / floor.after.rssBytes;
  return {
    claim: `a connection takes at most ${maxTimesFloor} times the memory of bare ws`,
    measured: `${times.toFixed(2)} times; ${timesInAll.toFixed(2)} times with what the processes held before`,
    isKept: times <= maxTimesFloor,
  };
}

const judgeMessages = ({ messages }: Report): Claim[] =>
  (["acknowledged", "delivered"] as const).map(what => ({
    claim: `${inUnits(messages.requestedPerSecond)} messages/s among them: p99 until ${what} is at most ${maxMessageMs} ms`,
    measured: `${messages[what].p99Ms} ms`,
    isKept: messages.unfinished === 0 && messages.failures.length === 0 && messages[what].p99Ms <= maxMessageMs,
  }));

const judgeRestarts = ({ restarts, clients }: Report): Claim[] =>
  restarts.map(({ signal, back, completeSeconds }) => ({
    claim: `after ${signal} to all processes all clients are back and complete within ${maxBackSeconds} s`,
    measured:
      completeSeconds === null
        ? `after ${restartLimitSeconds} s ${inUnits(back)} of ${inUnits(clients)} were back, not all of them complete`
        : `${inUnits(back)} of ${inUnits(clients)} in ${completeSeconds} s`,
    isKept: back === clients && completeSeconds !== null && completeSeconds <= maxBackSeconds,
  }));
