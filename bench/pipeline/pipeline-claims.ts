import type { Claim } from "#bench/report/claims.ts";
import { describeVerdict, isFlawless } from "#lab/load/check.ts";
import { medianFloor, medianRound, type Report, type SystemReport } from "./pipeline-report.ts";

const minTimesReference = 5;
const maxAcknowledgedMs = 50;
const maxDeliveredMs = 100;

export function judge({ systems, floor }: Report): Claim[] {
  const ours = systems.filter(({ name }) => name !== "reference");
  const reference = systems.find(({ name }) => name === "reference");
  return ours.flatMap(system => [
    ...(floor.length > 0 ? [besideFloor(system, medianFloor(floor))] : []),
    ...(reference ? [besideReference(system, reference)] : []),
    ...atHalf(system),
    flawless(system),
  ]);
}

function besideFloor(ours: SystemReport, { by, messagesPerSecond }: ReturnType<typeof medianFloor>): Claim {
  const rate = medianRound(ours).full.messagesPerSecond;
  return {
    claim: `${ours.title}: as many messages/s as ${by} with one send a transaction`,
    measured: `${rate} against ${Math.round(messagesPerSecond)}: ${(rate / messagesPerSecond).toFixed(2)} times`,
    isKept: rate >= messagesPerSecond,
  };
}

function besideReference(ours: SystemReport, reference: SystemReport): Claim {
  const [rate, theirs] = [ours, reference].map(each => medianRound(each).full.messagesPerSecond) as [number, number];
  return {
    claim: `${ours.title}: at least ${minTimesReference} times the reference's messages/s`,
    measured: `${rate} against ${theirs}: ${(rate / theirs).toFixed(1)} times`,
    isKept: rate >= theirs * minTimesReference,
  };
}

function atHalf(ours: SystemReport): Claim[] {
  const { acknowledged, delivered } = medianRound(ours).half;
  return [
    {
      claim: `${ours.title}: p99 of acknowledgement at half load is at most ${maxAcknowledgedMs} ms`,
      measured: `${acknowledged.p99Ms} ms`,
      isKept: acknowledged.p99Ms <= maxAcknowledgedMs,
    },
    {
      claim: `${ours.title}: p99 of delivery at half load is at most ${maxDeliveredMs} ms`,
      measured: `${delivered.p99Ms} ms`,
      isKept: delivered.p99Ms <= maxDeliveredMs,
    },
  ];
}

function flawless({ title, rounds }: SystemReport): Claim {
  const verdicts = rounds.map(({ verdict }) => verdict);
  const worst = verdicts.find(verdict => !isFlawless(verdict));
  const stored = verdicts.reduce((sum, verdict) => sum + verdict.stored, 0);
  return {
    claim: `${title}: no message is lost, doubled, out of order or undelivered`,
    measured: worst ? describeVerdict(worst) : `${stored} messages in ${rounds.length} rounds: none`,
    isKept: !worst,
  };
}
