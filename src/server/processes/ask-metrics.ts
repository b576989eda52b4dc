import { AppError } from "#protocol/errors.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

const answerMs = 5_000;

/** A worker's question to the first process for the metrics of all. */
export function createMetricsQuestions(tell: (message: FromWorker) => void) {
  const asked = new Map<number, (text: string) => void>();
  let lastAsk = 0;
  return {
    /** @throws AppError "unavailable" when the first process does not answer */
    ask: () =>
      new Promise<string>((resolve, reject) => {
        const number = ++lastAsk;
        const late = setTimeout(() => {
          asked.delete(number);
          reject(new AppError("unavailable", "The first process does not answer. Try again in a moment."));
        }, answerMs);
        asked.set(number, text => {
          clearTimeout(late);
          asked.delete(number);
          resolve(text);
        });
        tell({ kind: "ask-metrics", ask: number });
      }),
    hear({ ask, text }: Extract<ToWorker, { kind: "all-metrics" }>) {
      asked.get(ask)?.(text);
    },
  };
}
