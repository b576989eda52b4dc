import type { Claim } from "#bench/report/claim.ts";
import { isFlawless, sayVerdict } from "#lab/load/check.ts";
import { type ContestantReport, middleFloor, middleRound, type Report } from "./report.ts";

const leastTimesOfReference = 5;
const mostAcknowledgedMs = 50;
const mostDeliveredMs = 100;

export function judge({ contestants, floor }: Report): Claim[] {
  const ours = contestants.filter(({ name }) => name !== "reference");
  const reference = contestants.find(({ name }) => name === "reference");
  return ours.flatMap(contestant => [
    ...(floor.length > 0 ? [besideFloor(contestant, middleFloor(floor))] : []),
    ...(reference ? [besideReference(contestant, reference)] : []),
    ...atHalf(contestant),
    whole(contestant),
  ]);
}

function besideFloor(ours: ContestantReport, { by, messagesPerSecond }: ReturnType<typeof middleFloor>): Claim {
  const rate = middleRound(ours).full.messagesPerSecond;
  return {
    claim: `${ours.title}: acknowledges and delivers at least as many messages/s as ${by} writes, one send a transaction`,
    measured: `${rate} beside ${Math.round(messagesPerSecond)}: ${(rate / messagesPerSecond).toFixed(2)} times`,
    kept: rate >= messagesPerSecond,
  };
}

function besideReference(ours: ContestantReport, reference: ContestantReport): Claim {
  const [rate, theirs] = [ours, reference].map(each => middleRound(each).full.messagesPerSecond) as [number, number];
  return {
    claim: `${ours.title}: at least ${leastTimesOfReference} times the reference's`,
    measured: `${rate} beside ${theirs}: ${(rate / theirs).toFixed(1)} times`,
    kept: rate >= theirs * leastTimesOfReference,
  };
}

function atHalf(ours: ContestantReport): Claim[] {
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

function whole({ title, rounds }: ContestantReport): Claim {
  const verdicts = rounds.map(({ verdict }) => verdict);
  const worst = verdicts.find(verdict => !isFlawless(verdict));
  const stored = verdicts.reduce((sum, verdict) => sum + verdict.stored, 0);
  return {
    claim: `${title}: nothing is lost, doubled or out of order, and all is delivered`,
    measured: worst ? sayVerdict(worst) : `${stored} messages of ${rounds.length} rounds: none`,
    kept: !worst,
  };
}
