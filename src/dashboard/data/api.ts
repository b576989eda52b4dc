import { type Api, createApi, isRefusal } from "#client/api.ts";

const call = createApi("");
let signedOut = () => {};

/** Says what to do when the server no longer knows who is asking. */
export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

export const endSession = (): void => signedOut();

export const api: Api = async (method, path, body) => {
  try {
    return await call(method, path, body);
  } catch (error) {
    if (isSessionGone(error)) endSession();
    throw error;
  }
};

export const isSessionGone = (error: unknown): boolean =>
  isRefusal(error) && (error.code === "not_signed_in" || error.code === "session_expired");

/** What to tell of an error, in words for the person in front of it. */
export function explain(error: unknown): string {
  if (!isRefusal(error)) return "Something in this page broke. Reload it, and tell us if it happens again.";
  if (error.code === "unreachable") return "The server does not answer. Check your connection, then try again.";
  return error.message;
}
