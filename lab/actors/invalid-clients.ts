import { newId } from "#client/ids.ts";
import type { Author } from "#lab/history/history.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";
import type { Random } from "#sample-data/random.ts";
import type { AgentClient, Answer, VisitorClient } from "./people.ts";
import { newestOf, type Person } from "./person.ts";

/** People whose clients are somebody else's, wrong or wicked. What they may do works; what not is refused, by name. */

const yearMs = 365 * 86_400_000;
const mostWaiting = 20;

/** Messages by plain requests, one after another, each again until it is answered. */
function createLetters(recorder: Recorder, author: Author, isAt: () => boolean) {
  const letters: { body: string; expects: ErrorBody["code"] | null; send(): Promise<Answer> }[] = [];
  let busy = false;

  async function post() {
    const [letter] = letters;
    if (!letter || busy) return;
    busy = true;
    // No answer at all is one to wait for too.
    const answer = await letter.send().catch(() => null);
    busy = false;
    if (!answer || !isAt()) return;
    const { message, error } = answer.body as { message?: Message; error?: ErrorBody };
    if (error) recorder.refuse(error);
    if (answer.status >= 429) return;
    letters.shift();
    if (message) recorder.acknowledge(author, message);
    if (error && error.code !== letter.expects) recorder.history.refused.push({ body: letter.body, code: error.code });
  }

  return {
    /** @param expects  the refusal that must come; null: it is to be stored */
    write(letter: (typeof letters)[number]) {
      letters.push(letter);
    },
    isFull: () => letters.length >= mostWaiting,
    post: () => void post(),
  };
}

/**
 * A visitor whose clock is wrong by years, who uses ids again that others have used, and who has read messages that
 * nobody has written yet.
 * @param person  the same visitor with a page
 */
export function misbehaveAsVisitor(person: Person, visitor: VisitorClient, random: Random, recorder: Recorder): Person {
  const { name, author } = person;
  const letters = createLetters(recorder, author, () => person.clients().length > 0);
  const used = new Set<string>();

  function write(id: string, conversationId: string, expects: ErrorBody["code"] | null) {
    used.add(id);
    const body = recorder.write(name, author, "text", expects ? "Forbidden" : "Letter", expects !== null);
    const send = () => visitor.call("POST", "/widget/messages", { id, conversationId, body });
    letters.write({ body, expects, send });
  }

  return {
    ...person,
    look() {
      person.look();
      letters.post();
    },
    act() {
      const [page] = person.clients();
      const conversationId = page && newestOf(page);
      if (!conversationId || letters.isFull() || random.chance(0.3)) return person.act();
      const known = recorder.history.acknowledged.filter(({ id }) => !used.has(id));
      const answers = page.sync
        .getState()
        .threads[conversationId]?.messages.filter(message => message.author === "agent" && !used.has(message.id));
      const what = random.below(4);
      if (what === 0) write(newId(Date.now() + (random.below(20) - 10) * yearMs), conversationId, null);
      else if (what === 1 && answers?.length) write(random.pick(answers).id, conversationId, "conflict");
      else if (what === 2) {
        const elsewhere = known.filter(message => message.conversationId !== conversationId);
        if (elsewhere.length > 0) write(random.pick(elsewhere).id, conversationId, null);
      } else page.sync.markRead(conversationId, 2_000_000_000);
    },
  };
}

/** An agent of one website who writes to conversations of others, by its own name or by theirs. */
export function trespass(person: Person, agent: AgentClient, random: Random, recorder: Recorder): Person {
  const { name, author } = person;
  const letters = createLetters(recorder, author, () => person.clients().length > 0);
  return {
    ...person,
    look() {
      person.look();
      letters.post();
    },
    act() {
      if (recorder.heads.size === 0 || letters.isFull()) return;
      const [conversationId, { websiteId: theirs }] = random.pick([...recorder.heads]);
      const websiteId = random.chance(0.5) ? theirs : author.websiteIds[0]!;
      const body = recorder.write(name, author, "text", "Trespass", true);
      const path = `/websites/${websiteId}/conversations/${conversationId}/messages`;
      letters.write({ body, expects: "not_found", send: () => agent.call("POST", path, { id: newId(), body }) });
    },
    paste() {},
  };
}
