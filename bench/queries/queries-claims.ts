import type { Claim } from "#bench/report/claims.ts";
import { type Question, questions } from "./peers/peer.ts";
import { bytesPerMessage, oursAt, type PeerReport, type SizeReport } from "./queries-report.ts";

const minTimesGuide: Partial<Record<Question, number>> = {
  inbox: 10,
  "unread-website": 10,
  "newest-50": 2,
  "newest-50-long": 2,
  "newest-1000": 2,
};
const maxGrowth = 1.3;

/** @param sizes  smallest first; the claims are about the largest */
export function judge(sizes: SizeReport[]): Claim[] {
  const largest = sizes.at(-1)!;
  const named = (name: string) => largest.peers.find(peer => peer.name === name)!;
  return [
    ...againstGuide(named("guide-indexed")),
    againstOther(named("chatwoot")),
    againstOther(named("libredesk")),
    ...sizes.map(size => ofBytes(size)),
    ofInserts(named("chatwoot")),
    ...(sizes.length > 1 ? [ofGrowth(sizes[0]!, largest)] : []),
  ];
}

function againstGuide(guide: PeerReport): Claim[] {
  return guide.reads.flatMap(read => {
    const min = minTimesGuide[read.question];
    if (!min) return [];
    const times = read.theirs.medianMs / read.ours.medianMs;
    const how = read.asWritten ? "as the guide writes it" : "the guide with a limit";
    return {
      claim: `${questions[read.question]}: at least ${min} times faster than the guide's indexed schema (${how})`,
      measured: `${times.toFixed(1)} times`,
      isKept: times >= min,
    };
  });
}

function againstOther({ title, reads }: PeerReport): Claim {
  const ratios = reads.map(({ question, theirs, ours }) => ({ question, times: theirs.medianMs / ours.medianMs }));
  const worst = ratios.reduce((a, b) => (b.times < a.times ? b : a));
  return {
    claim: `no read is slower than ${title}'s`,
    measured: `at least ${worst.times.toFixed(1)} times faster: ${questions[worst.question]}`,
    isKept: worst.times >= 1,
  };
}

/** Without what serves the search: Chatwoot's trigram index, and our tables of words, which `bench -- search` measures. */
function ofBytes({ messages, peers, storage }: SizeReport): Claim {
  const theirs = bytesPerMessage({ ...peers.find(({ name }) => name === "chatwoot")!.storage, trigramBytes: 0 });
  const share = bytesPerMessage(storage) / theirs;
  return {
    claim: `at most half of Chatwoot's bytes a message, both without the search, at ${inMillions(messages)} messages`,
    measured: `${(share * 100).toFixed(0)}%`,
    isKept: share <= 1 / 2,
  };
}

function ofInserts({ inserts }: PeerReport): Claim {
  const times = inserts.ours.perSecond / inserts.theirs.perSecond;
  return {
    claim: "at least twice Chatwoot's inserts a second",
    measured: `${times.toFixed(1)} times; ${(inserts.oursOneByOne.perSecond / inserts.theirs.perSecond).toFixed(1)} with one transaction a message`,
    isKept: times >= 2,
  };
}

function ofGrowth(smallest: SizeReport, largest: SizeReport): Claim {
  const growths = (Object.keys(questions) as Question[]).map(question => ({
    question,
    growth: oursAt(largest, question)!.medianMs / oursAt(smallest, question)!.medianMs,
  }));
  const worst = growths.reduce((a, b) => (b.growth > a.growth ? b : a));
  return {
    claim: `flat cost: no median at ${inMillions(largest.messages)} messages is more than ${maxGrowth} times that at ${inMillions(smallest.messages)}`,
    measured: `at most ${worst.growth.toFixed(2)} times: ${questions[worst.question]}`,
    isKept: worst.growth <= maxGrowth,
  };
}

export const inMillions = (messages: number) =>
  messages >= 1_000_000 ? `${messages / 1_000_000} million` : messages.toLocaleString("en-US");
