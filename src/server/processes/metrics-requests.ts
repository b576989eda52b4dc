import { AppError } from "#protocol/errors.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

const answerMs = 5_000;

/** A worker's requests to the primary for the metrics of all processes. */
export function createMetricsRequests(send: (message: FromWorker) => void) {
  const waiting = new Map<number, (text: string) => void>();
  let lastRequest = 0;
  return {
    /** @throws AppError "unavailable" when the primary does not answer */
    gather: () =>
      new Promise<string>((resolve, reject) => {
        const request = ++lastRequest;
        const timer = setTimeout(() => {
          waiting.delete(request);
          reject(new AppError("unavailable", "The primary process does not answer. Try again in a moment."));
        }, answerMs);
        waiting.set(request, text => {
          clearTimeout(timer);
          waiting.delete(request);
          resolve(text);
        });
        send({ kind: "gather-metrics", request });
      }),
    onAnswer({ request, text }: Extract<ToWorker, { kind: "gathered-metrics" }>) {
      waiting.get(request)?.(text);
    },
  };
}
