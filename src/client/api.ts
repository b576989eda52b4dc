import type { ErrorBody } from "#protocol/errors.ts";
import { type Browser, thisBrowser } from "./socket/transport.ts";

/** A refusal by the server, or `code: "unreachable"` where there was no answer. */
export type Refusal = Omit<ErrorBody, "code"> & { code: ErrorBody["code"] | "unreachable"; status: number };

export const isRefusal = (error: unknown): error is Refusal => isErrorBody(error) && "status" in error;

/** A refusal over HTTP, or of a command over the socket. */
export const isErrorBody = (error: unknown): error is Pick<Refusal, "code" | "message"> =>
  typeof error === "object" && error !== null && "code" in error && "message" in error;

export type Api = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>;

export type ApiOptions = {
  /** a visitor's token; an agent's browser sends its cookie by itself */
  token?: () => string | null | Promise<string>;
  fetch?: Browser["fetch"];
};

/**
 * Calls `/api/v1`; rejects with a Refusal.
 * @param base  where the server is, such as https://chat.example.com; "" on the dashboard's own origin
 */
export function createApi(base: string, { token, fetch = thisBrowser().fetch }: ApiOptions = {}): Api {
  return async <Answer>(method: string, path: string, body?: unknown) => {
    const bearer = await token?.();
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: {
        ...(!!body && { "content-type": "application/json" }),
        ...(bearer && { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
    }).catch(() => {
      throw { code: "unreachable", message: "No answer.", status: 0 } satisfies Refusal;
    });
    const answer: unknown = await response.json().catch(() => null); // 204 has no body
    if (response.ok) return answer as Answer;
    const error = (answer as { error?: ErrorBody } | null)?.error ?? {
      code: "internal" as const,
      message: `The server answered ${response.status}.`,
    };
    throw { ...error, status: response.status } satisfies Refusal;
  };
}
