import type { ErrorBody } from "#protocol/errors.ts";
import { type Browser, thisBrowser } from "./socket/transport.ts";

/** A refusal by the server, or `code: "unreachable"` where there was no answer. */
export type Refusal = Omit<ErrorBody, "code"> & { code: ErrorBody["code"] | "unreachable"; status: number };

export const isRefusal = (error: unknown): error is Refusal =>
  typeof error === "object" && error !== null && "code" in error && "status" in error;

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
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(bearer && { authorization: `Bearer ${bearer}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => {
      throw { code: "unreachable", message: "The server does not answer.", status: 0 } satisfies Refusal;
    });
    const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null);
    if (response.ok) return answer as Answer;
    const error = (answer as { error?: ErrorBody } | null)?.error ?? {
      code: "internal" as const,
      message: `The server answered ${response.status}.`,
    };
    throw { ...error, status: response.status } satisfies Refusal;
  };
}
