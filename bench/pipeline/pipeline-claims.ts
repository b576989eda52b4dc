import type { Claim } from "#bench/report/claims.ts";
import { isFlawless, sayVerdict } from "#lab/load/check.ts";
import { middleFloor, middleRound, type Report, type SystemReport } from "./pipeline-report.ts";

const leastTimesOfReference = 5;
const mostAcknowledgedMs = 50;
const mostDeliveredMs = 100;

export function judge({ systems, floor }: Report): Claim[] {
  const ours = systems.filter(({ name }) => name !== "reference");
  const reference = systems.find(({ name }) => name === "reference");
  return ours.flatMap(system => [
    ...(floor.length > 0 ? [besideFloor(system, middleFloor(floor))] : []),
    ...(reference ? [besideReference(system, reference)] : []),
    ...atHalf(system),
    whole(system),
  ]);
}

function besideFloor(ours: SystemReport, { by, messagesPerSecond }: ReturnType<typeof middleFloor>): Claim {
  const rate = middleRound(ours).full.messagesPerSecond;
  return {
    claim: `${ours.title}: acknowledges and delivers at least as many messages/s as ${by} writes, one send a transaction`,
    measured: `${rate} beside ${Math.round(messagesPerSecond)}: ${(rate / messagesPerSecond).toFixed(2)} times`,
    kept: rate >= messagesPerSecond,
  };
}

function besideReference(ours: SystemReport, reference: SystemReport): Claim {
  const [rate, theirs] = [ours, reference].map(each => middleRound(each).full.messagesPerSecond) as [number, number];
  return {
    claim: `${ours.title}: at least ${leastTimesOfReference} times the reference's`,
    measured: `${rate} beside ${theirs}: ${(rate / theirs).toFixed(1)} times`,
    kept: rate >= theirs * leastTimesOfReference,
  };
}

function atHalf(ours: SystemReport): Claim[] {
  const { acknowledged, delivered } = middleRound(ours).half;
  return [
    {
      claim: `${ours.title}: at half of that load p99 of acknowledgement is at most ${mostAcknowledgedMs} ms`,
      measured: `${acknowledged.p99Ms} ms`,
      kept: acknowledged.p99Ms <= mostAcknowledgedMs,
    },
    {
      claim: `${ours.title}: at half of that load p99 of delivery is at most ${mostDeliveredMs} ms`,
      measured: `${delivered.p99Ms} ms`,
      kept: delivered.p99Ms <= mostDeliveredMs,
    },
  ];
}

function whole({ title, rounds }: SystemReport): Claim {
  const verdicts = rounds.map(({ verdict }) => verdict);
  const worst = verdicts.find(verdict => !isFlawless(verdict));
  const stored = verdicts.reduce((sum, verdict) => sum + verdict.stored, 0);
  return {
    claim: `${title}: nothing is lost, doubled or out of order, and all is delivered`,
    measured: worst ? sayVerdict(worst) : `${stored} messages of ${rounds.length} rounds: none`,
    kept: !worst,
  };
}
