import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { Logger } from "pino";
import { ZodError } from "zod";
import { currentContext } from "#platform/requests/request-context.ts";
import { isDiskFull, isRefusedRow, isTransient } from "#platform/retry.ts";
import { AppError, type ErrorBody, errorStatus } from "#protocol/errors.ts";

/**
 * Turns anything that was thrown into the error of an answer. Our own faults are logged, and answered without details.
 * @param request  the route or command, for the log
 */
export function asErrorBody(error: unknown, log: Logger, request: string): ErrorBody {
  const body = describeError(error, log, request);
  const requestId = currentContext().request;
  return requestId === null || errorStatus[body.code] < 500 ? body : { ...body, requestId };
}

function describeError(error: unknown, log: Logger, route: string): ErrorBody {
  const known = asAppError(error);
  if (known) {
    const { code, message, details } = known;
    return { code, message, ...(details !== undefined && { details }) };
  }
  if (isTransient(error)) {
    log.warn({ err: error, route }, "the database did not answer");
    return { code: "unavailable", message: "The database does not answer. Try again in a moment." };
  }
  if (isDiskFull(error)) {
    log.error({ err: error, route }, "the database's disk is full");
    return {
      code: "unavailable",
      message: "The server has no space left. Its operator must free some; then try again.",
    };
  }
  if (isRefusedRow(error)) {
    log.warn({ err: error, route }, "the database refused a row");
    return { code: "conflict", message: "This contradicts what is stored. Load it again and try once more." };
  }
  log.error({ err: error, route }, "a request failed");
  const { request } = currentContext();
  const number = request === null ? "" : ` If it happens again, tell support this number: ${request}`;
  return { code: "internal", message: `Something went wrong on our side. Try again in a moment.${number}` };
}

function asAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (error instanceof ZodError) return invalid(error.issues);
  if (hasZodFastifySchemaValidationErrors(error)) {
    return invalid(
      error.validation.map(({ instancePath, message }) => ({
        path: instancePath.split("/").filter(part => part !== ""),
        message: message ?? "is invalid",
      })),
    );
  }
  const { statusCode, message = "" } = (error ?? {}) as { statusCode?: number; message?: string };
  if (statusCode === 413) return new AppError("payload_too_large", "The request is larger than 64 KB.");
  if (statusCode === 404) return new AppError("not_found", "There is nothing at this address.");
  if (statusCode && statusCode < 500) return new AppError("invalid_request", message);
  return null;
}

const temporary: ReadonlySet<number> = new Set([429, 503]);

/** For the header retry-after: seconds until a refused request may be sent again; null: that would not help. */
export function retryAfterSeconds({ code, details }: ErrorBody): number | null {
  if (!temporary.has(errorStatus[code])) return null;
  const { retryAfterMs = 1_000 } = (details ?? {}) as { retryAfterMs?: number };
  return Math.max(1, Math.ceil(retryAfterMs / 1_000));
}

/** Names the first value that is not valid; the details name all of them. */
export function invalid(issues: { path: PropertyKey[]; message: string }[]): AppError {
  const details = issues.map(issue => ({ path: issue.path.join("."), message: issue.message }));
  const first = details[0] ?? { path: "", message: "is invalid" };
  return new AppError("invalid_request", `${first.path || "The request"}: ${first.message}`, { details });
}
