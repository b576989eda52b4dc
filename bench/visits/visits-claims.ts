import type { Claim } from "#bench/report/claims.ts";
import { describeVerdict, isFlawless } from "#lab/load/check.ts";
import { median, type Report, type SystemReport, visitCostMs } from "./visits-report.ts";

const maxVisitMs = 4;
const minTimesReference = 4;
const maxIndexGrowth = 1.5;

export function judge({ systems }: Report): Claim[] {
  const ours = systems.find(({ name }) => name === "ours");
  const reference = systems.find(({ name }) => name === "reference");
  return [
    ...(ours ? [cost(ours)] : []),
    ...(ours && reference ? ours.rounds[0]!.crowds.map((_, nth) => besideReference(ours, reference, nth)) : []),
    ...(ours ? [indexSize(ours)] : []),
    ...systems.map(flawless),
  ];
}

function cost({ title, rounds }: SystemReport): Claim {
  const ms = median(rounds.map(visitCostMs));
  return {
    claim: `${title}: a whole visit of someone who chats takes at most ${maxVisitMs} ms of processor time`,
    measured: `${ms.toFixed(2)} ms`,
    isKept: ms <= maxVisitMs,
  };
}

function besideReference(ours: SystemReport, reference: SystemReport, nth: number): Claim {
  const rateOf = ({ rounds }: SystemReport) => median(rounds.map(({ crowds }) => crowds[nth]!.visitsPerSecond));
  const [rate, theirs] = [rateOf(ours), rateOf(reference)];
  const { chatting } = ours.rounds[0]!.crowds[nth]!;
  return {
    claim: `${ours.title}: at least ${minTimesReference} times the reference's visits/s when ${chatting} of 100 write`,
    measured: `${rate} against ${theirs}: ${(rate / theirs).toFixed(1)} times`,
    isKept: rate >= theirs * minTimesReference,
  };
}

function indexSize({ title, rounds }: SystemReport): Claim {
  const growth = median(rounds.map(({ updates }) => updates.indexBytes / updates.freshIndexBytes));
  return {
    claim: `${title}: the indexes of conversations are at most ${maxIndexGrowth} times as large as freshly built`,
    measured: `${growth.toFixed(2)} times`,
    isKept: growth <= maxIndexGrowth,
  };
}

const flawless = ({ title, rounds }: SystemReport): Claim => ({
  claim: `${title}: every message is stored once, in order, and delivered once`,
  measured: rounds.map(({ verdict }) => describeVerdict(verdict)).join(". "),
  isKept: rounds.every(
    ({ verdict, crowds }) => isFlawless(verdict) && crowds.every(each => each.failures.length === 0),
  ),
});
