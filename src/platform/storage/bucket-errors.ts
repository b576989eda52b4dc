import { setTimeout as sleep } from "node:timers/promises";
import { S3ServiceError } from "s3mini";
import { AppError } from "#protocol/errors.ts";

const maxAttempts = 5;

/** Repeats a request of the store. @throws AppError "storage_unavailable" when it failed for good */
export type Attempt = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A store's answer that was incomplete or makes no sense: worth another try. */
export class IncompleteAnswer extends Error {}

/**
 * Makes the function that repeats transient failures, up to 5 attempts with pauses that double, ±50%.
 * @param pauseMs  before the second attempt
 */
export const createAttempts = (description: string, pauseMs: number): Attempt => {
  return async work => {
    for (let number = 1; ; number++) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (number === maxAttempts || !isWorthRepeating(error)) throw explain(description, error);
        await sleep(pauseMs * 2 ** (number - 1) * (0.5 + Math.random()));
      }
    }
  };
};

export const isStatus = (error: unknown, status: number): boolean =>
  error instanceof S3ServiceError && error.status === status;

/** Not: a missing bucket, which is a wrong setting. */
export const isMissingObject = (error: unknown): boolean =>
  isStatus(error, 404) && (error as S3ServiceError).serviceCode !== "NoSuchBucket";

export const storageError = (description: string, why: string, cause?: unknown) =>
  new AppError("storage_unavailable", `Storage failed, ${description}: ${why}`, { cause });

/** A network error, a busy store, and what a broken connection leaves of an answer. Not: a refusal. */
function isWorthRepeating(error: unknown): boolean {
  if (error instanceof S3ServiceError) {
    return error.status >= 500 ? error.status !== 501 : [408, 429].includes(error.status) || isCutRequest(error);
  }
  return true;
}

/** A store that got a part of the body says so with 400. */
const isCutRequest = (error: S3ServiceError) =>
  ["IncompleteBody", "RequestTimeout", "BadDigest"].includes(error.serviceCode ?? "");

function explain(description: string, error: unknown): AppError {
  if (!(error instanceof S3ServiceError)) {
    return storageError(
      description,
      `it does not answer (${rootOf(error)}). Check S3_ENDPOINT and the network.`,
      error,
    );
  }
  const { status, serviceCode = "" } = error;
  const advice = advices[serviceCode] ?? (status >= 500 ? "Try again later." : "Check the settings S3_….");
  return storageError(description, `it answered ${status} ${serviceCode}. ${advice}`, error);
}

/** What fetch says of a broken network is in the cause of its error, or in the cause of that. */
function rootOf(error: unknown): string {
  const { cause, code, message } = error as NodeJS.ErrnoException;
  return cause instanceof Error ? rootOf(cause) : (code ?? message);
}

const advices: Record<string, string> = {
  SignatureDoesNotMatch: "Check S3_SECRET_ACCESS_KEY and S3_REGION.",
  InvalidAccessKeyId: "Check S3_ACCESS_KEY_ID.",
  AccessDenied: "Give the key the rights to read, write, list and delete in the bucket.",
  NoSuchBucket: "Create the bucket, or correct S3_BUCKET.",
  AuthorizationHeaderMalformed: "Check S3_REGION.",
  RequestTimeTooSkewed: "The clock of this machine is wrong. Set it.",
};
