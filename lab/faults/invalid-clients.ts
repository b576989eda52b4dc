import { newId } from "#client/ids.ts";
import type { AgentClient, Answer, VisitorClient } from "#lab/actors/people.ts";
import type { Author } from "#lab/history/history.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";
import type { Random } from "#sample-data/random.ts";
import { type Actor, newestOf } from "./actor.ts";

/**
 * Third-party, buggy and malicious clients: what is allowed succeeds, what is forbidden is refused with the expected code.
 */

const yearMs = 365 * 86_400_000;
const maxQueued = 20;

type HttpMessage = {
  body: string;
  /** the code of the refusal that must come; null: the message must be stored */
  expects: ErrorBody["code"] | null;
  send(): Promise<Answer>;
};

/** Sends messages by HTTP, one after another, each again until it is answered. */
function createHttpSender(recorder: Recorder, author: Author, isPresent: () => boolean) {
  const queue: HttpMessage[] = [];
  let isBusy = false;

  async function sendNext() {
    const [message] = queue;
    if (!message || isBusy) return;
    isBusy = true;
    // Without an answer it is sent again later.
    const answer = await message.send().catch(() => null);
    isBusy = false;
    if (answer && isPresent()) onAnswer(message, answer);
  }

  function onAnswer({ body, expects }: HttpMessage, answer: Answer) {
    const { message, error } = answer.body as { message?: Message; error?: ErrorBody };
    if (error) recorder.refuse(error);
    if (answer.status >= 429) return;
    queue.shift();
    if (message) recorder.acknowledge(author, message);
    if (error && error.code !== expects) recorder.history.refused.push({ body, code: error.code });
  }

  return {
    add(message: HttpMessage) {
      queue.push(message);
    },
    isFull: () => queue.length >= maxQueued,
    sendNext: () => void sendNext(),
  };
}

/**
 * A visitor whose clock is years off, who uses message ids of others, and who reads up to a number that no message has.
 * @param actor  the same visitor with a page
 */
export function misbehaveAsVisitor(actor: Actor, visitor: VisitorClient, random: Random, recorder: Recorder): Actor {
  const { name, author } = actor;
  const sender = createHttpSender(recorder, author, () => actor.clients().length > 0);
  const used = new Set<string>();

  function write(id: string, conversationId: string, expects: ErrorBody["code"] | null) {
    used.add(id);
    const body = recorder.write(name, author, "text", expects ? "Forbidden" : "HTTP", expects !== null);
    const send = () => visitor.call("POST", "/widget/messages", { id, conversationId, body });
    sender.add({ body, expects, send });
  }

  return {
    ...actor,
    update() {
      actor.update();
      sender.sendNext();
    },
    act() {
      const [page] = actor.clients();
      const conversationId = page && newestOf(page);
      if (!conversationId || sender.isFull() || random.chance(0.3)) return actor.act();
      const unused = recorder.history.acknowledged.filter(({ id }) => !used.has(id));
      const answers = page.sync
        .getState()
        .threads[conversationId]?.messages.filter(message => message.author === "agent" && !used.has(message.id));
      const choice = random.below(4);
      if (choice === 0) write(newId(Date.now() + (random.below(20) - 10) * yearMs), conversationId, null);
      else if (choice === 1 && answers?.length) write(random.pick(answers).id, conversationId, "conflict");
      else if (choice === 2) {
        const elsewhere = unused.filter(message => message.conversationId !== conversationId);
        if (elsewhere.length > 0) write(random.pick(elsewhere).id, conversationId, null);
      } else page.sync.markRead(conversationId, 2_000_000_000);
    },
  };
}

/** An agent of one website who writes to conversations of others, with its own website's id or with theirs. */
export function trespass(actor: Actor, agent: AgentClient, random: Random, recorder: Recorder): Actor {
  const { name, author } = actor;
  const sender = createHttpSender(recorder, author, () => actor.clients().length > 0);
  return {
    ...actor,
    update() {
      actor.update();
      sender.sendNext();
    },
    act() {
      if (recorder.heads.size === 0 || sender.isFull()) return;
      const [conversationId, { websiteId: theirs }] = random.pick([...recorder.heads]);
      const websiteId = random.chance(0.5) ? theirs : author.websiteIds[0]!;
      const body = recorder.write(name, author, "text", "Trespass", true);
      const path = `/websites/${websiteId}/conversations/${conversationId}/messages`;
      sender.add({ body, expects: "not_found", send: () => agent.call("POST", path, { id: newId(), body }) });
    },
    sendMany() {},
  };
}
