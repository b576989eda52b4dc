import { type Api, createApi, isErrorBody, isRefusal } from "#client/api.ts";

const call = createApi("");
let handleSignedOut = () => {};

/** Sets what happens when the server no longer accepts the session. */
export function onSignedOut(handler: () => void): void {
  handleSignedOut = handler;
}

export const endSession = (): void => handleSignedOut();

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

/** An error in words for the person at the screen, with the next step. */
export function explain(error: unknown): string {
  if (!isErrorBody(error)) return "Something in this page broke. Reload the page, then try again.";
  if (error.code === "unreachable") return "The server does not answer. Check your connection, then try again.";
  return error.message;
}
