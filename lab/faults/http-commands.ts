import type { Answer } from "#lab/actors/people.ts";
import type { Audience, Author, Change } from "#lab/history/history.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";
import type { Actor } from "./actor.ts";

const maxQueued = 20;

type HttpCommand = {
  send(): Promise<Answer>;
  onAccepted(message: Message): void;
  onRefused(error: ErrorBody): void;
};

export type HttpCommands = {
  /** @param expects  the code of the refusal that must come; null: the message must be stored */
  addMessage(body: string, expects: ErrorBody["code"] | null, send: () => Promise<Answer>): void;
  addChange(change: Change, send: () => Promise<Answer>): void;
  isFull(): boolean;
  sendNext(): void;
};

/** Sends an actor's commands by HTTP, one after another, each again until it is answered. */
export function createHttpCommands({ name, author, clients }: Actor, recorder: Recorder): HttpCommands {
  const queue: HttpCommand[] = [];
  const { addMessage, addTexts } = recorder.addReceiver(`${name} over HTTP`, audienceOf(author));
  let isBusy = false;

  async function sendNext() {
    const [command] = queue;
    if (!command || isBusy) return;
    isBusy = true;
    // Without an answer it is sent again later.
    const answer = await command.send().catch(() => null);
    isBusy = false;
    if (answer && clients().length > 0) onAnswer(command, answer);
  }

  function onAnswer(command: HttpCommand, { status, body }: Answer) {
    const { message, error } = body as { message?: Message; error?: ErrorBody };
    addTexts(body as object);
    if (error) recorder.refuse(error);
    if (status >= 429) return;
    queue.shift();
    if (message) addMessage(message);
    if (message) command.onAccepted(message);
    if (error) command.onRefused(error);
  }

  return {
    addMessage(body, expects, send) {
      queue.push({
        send,
        onAccepted: message => recorder.acknowledge(author, message, author.websiteIds[0]!),
        onRefused: ({ code }) => void (code !== expects && recorder.history.refused.push({ body, code })),
      });
    },
    addChange(change, send) {
      queue.push({
        send,
        onAccepted: () => recorder.acknowledgeChange(change, true),
        onRefused: error => recorder.refuseChange(change, error),
      });
    },
    isFull: () => queue.length >= maxQueued,
    sendNext: () => void sendNext(),
  };
}

const audienceOf = ({ kind, id, websiteIds }: Author): Audience => ({
  websiteIds,
  visitorId: kind === "visitor" ? id : null,
});
