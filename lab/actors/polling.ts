import type { ErrorBody } from "#protocol/errors.ts";

/** A client that polls, at the level of frames. */
export type TestPoller = {
  line: string;
  result: unknown;
  /** Resolves with the result; rejects with the ErrorBody. */
  command<Result>(command: string, params: unknown): Promise<Result>;
  /** The events since the last call; waits for one if there is none. */
  events(signal?: AbortSignal): Promise<{ event: string; data: Record<string, unknown> }[]>;
};

export async function openPoller(url: string, headers: Record<string, string>, hello: unknown): Promise<TestPoller> {
  async function post<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    const response = await fetch(`${url}/api/v1/poll/${path}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: signal ?? null,
    });
    const answer = (await response.json()) as Answer & { error?: ErrorBody };
    if (answer.error) throw answer.error;
    return answer;
  }
  const { line, result } = await post<{ line: string; result: unknown }>("open", hello);
  let ref = 1;
  return {
    line,
    result,
    async command<Result>(command: string, params: unknown) {
      return (await post<{ result: Result }>("send", { line, frame: { ref: ++ref, command, params } })).result;
    },
    events: async signal =>
      (await post<{ events: { event: string; data: Record<string, unknown> }[] }>("events", { line }, signal)).events,
  };
}
