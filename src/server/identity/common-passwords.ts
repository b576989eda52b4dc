import { AppError } from "#protocol/errors.ts";

/** Of zxcvbn, 0 to 4. Below it fewer than a million guesses find the password. */
const minScore = 2;
/** What comes later makes no password weaker, and estimating a long one takes long. */
const maxEstimated = 72;

/**
 * Refuses passwords that are guessed first: common ones and their variants, repetitions, rows of keys, and the person's own
 * name and address.
 * @param path   of the field, for the answer
 * @param about  what an attacker knows about the person
 * @throws AppError "invalid_request"
 */
export async function refuseCommonPassword(path: string, password: string, about: string[]): Promise<void> {
  loading ??= load();
  const estimator = await loading;
  const words = about.flatMap(text => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter(word => word.length > 2);
  if (estimator.check(password.slice(0, maxEstimated), words).score >= minScore) return;
  const message =
    "is easy to guess. Choose a longer one, for example four words that have nothing to do with each other.";
  throw new AppError("invalid_request", `${path}: ${message}`, { details: [{ path, message }] });
}

let loading: ReturnType<typeof load> | null = null;

/** Loaded when the first password is chosen: its words take a quarter of a second and 20 MB. */
async function load() {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  const ours = ["prochat", "livechat", "live chat", "pro livechat"];
  return new ZxcvbnFactory({ dictionary: { ...dictionary, ours }, graphs: adjacencyGraphs });
}
