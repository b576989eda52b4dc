import { newId } from "#client/ids.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import type { MessageCopy } from "#lab/history/history.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Random } from "#sample-data/random.ts";
import { type Actor, newestOf } from "./actor.ts";
import { createHttpCommands } from "./http-commands.ts";

/**
 * Third-party, buggy and malicious clients: what is allowed succeeds, what is forbidden is refused with the expected code.
 */

const yearMs = 365 * 86_400_000;

/**
 * A visitor whose clock is years off, who uses message ids of others, who reads up to a number that no message has, and
 * who edits and deletes what others wrote: answers, notes, other visitors' messages.
 * @param actor  the same visitor with a page
 */
export function misbehaveAsVisitor(actor: Actor, visitor: VisitorClient, random: Random, recorder: Recorder): Actor {
  const { name, author } = actor;
  const commands = createHttpCommands(actor, recorder);
  /** message ids of others that this visitor has used for a message or a change: not for both */
  const used = new Set<string>();

  function write(id: string, conversationId: string, expects: ErrorBody["code"] | null) {
    const body = recorder.write(name, author, "text", expects ? "Forbidden" : "HTTP", expects !== null);
    commands.addMessage(body, expects, () => visitor.call("POST", "/widget/messages", { id, conversationId, body }));
  }

  function changeOther(conversationId: string) {
    // In the visitor's own conversation there are answers and notes.
    const target = pickOther(actor, random, recorder, random.chance(0.5) ? conversationId : null);
    if (!target || used.has(target.id)) return;
    used.add(target.id);
    // Messages of others also as if they were in the visitor's own conversation.
    const at = random.chance(0.5) ? conversationId : target.conversationId;
    changeForbidden(target, `/widget/conversations/${at}/messages/${target.id}`);
  }

  const changeForbidden = createForbiddenChanges(actor, visitor, random, recorder, commands);

  return {
    ...actor,
    update() {
      actor.update();
      commands.sendNext();
    },
    act() {
      const [page] = actor.clients();
      const conversationId = page && newestOf(page);
      if (!conversationId || commands.isFull() || random.chance(0.3)) return actor.act();
      const answers = page.sync
        .getState()
        .threads[conversationId]?.messages.filter(message => message.author === "agent");
      const choice = random.below(5);
      if (choice === 0) write(newId(Date.now() + (random.below(20) - 10) * yearMs), conversationId, null);
      else if (choice === 1 && answers?.length) write(random.pick(answers).id, conversationId, "conflict");
      else if (choice === 2) {
        const elsewhere = recorder.history.acknowledged.filter(
          message => message.conversationId !== conversationId && !used.has(message.id),
        );
        if (elsewhere.length === 0) return;
        const { id } = random.pick(elsewhere);
        used.add(id);
        write(id, conversationId, null);
      } else if (choice === 3) changeOther(conversationId);
      else page.sync.markRead(conversationId, 2_000_000_000);
    },
  };
}

/**
 * An agent who also edits and deletes what visitors and colleagues wrote.
 * @param actor  the same agent with a page; of one website
 */
export function misbehaveAsAgent(actor: Actor, agent: AgentClient, random: Random, recorder: Recorder): Actor {
  const commands = createHttpCommands(actor, recorder);
  const changeForbidden = createForbiddenChanges(actor, agent, random, recorder, commands);
  return {
    ...actor,
    update() {
      actor.update();
      commands.sendNext();
    },
    act() {
      if (commands.isFull() || random.chance(0.7)) return actor.act();
      const target = pickOther(actor, random, recorder);
      if (target) changeForbidden(target, pathOf(actor.author.websiteIds[0]!, target));
    },
  };
}

/**
 * An agent of one website who writes to conversations of others, and edits and deletes messages there, with its own
 * website's id or with theirs.
 */
export function trespass(actor: Actor, agent: AgentClient, random: Random, recorder: Recorder): Actor {
  const { name, author } = actor;
  const commands = createHttpCommands(actor, recorder);
  const changeForbidden = createForbiddenChanges(actor, agent, random, recorder, commands);

  function write(conversationId: string, websiteId: number) {
    const body = recorder.write(name, author, "text", "Trespass", true);
    const path = `/websites/${websiteId}/conversations/${conversationId}/messages`;
    commands.addMessage(body, "not_found", () => agent.call("POST", path, { id: newId(), body }));
  }

  return {
    ...actor,
    update() {
      actor.update();
      commands.sendNext();
    },
    act() {
      if (recorder.heads.size === 0 || commands.isFull()) return;
      const target = pickOther(actor, random, recorder);
      const conversationId = target?.conversationId ?? random.pick([...recorder.heads.keys()]);
      const websiteId = random.chance(0.5) ? recorder.heads.get(conversationId)!.websiteId : author.websiteIds[0]!;
      if (target && random.chance(0.5)) changeForbidden(target, pathOf(websiteId, target));
      else write(conversationId, websiteId);
    },
    sendMany() {},
  };
}

/** A message of anyone else, of one conversation or of all; null while there is none. */
function pickOther(
  { author }: Actor,
  random: Random,
  { history }: Recorder,
  conversationId: string | null = null,
): MessageCopy | null {
  const own = new Set(history.sent.filter(sent => sent.author.id === author.id).map(({ body }) => body));
  for (const { original, body } of history.changes) if (body && own.has(original)) own.add(body);
  const others = history.acknowledged.filter(
    copy => copy.body && !own.has(copy.body) && (!conversationId || copy.conversationId === conversationId),
  );
  return others.length > 0 ? random.pick(others) : null;
}

const pathOf = (websiteId: number, { conversationId, id }: MessageCopy) =>
  `/websites/${websiteId}/conversations/${conversationId}/messages/${id}`;

/** @returns to be called with a message of someone else, and with the path that names it */
function createForbiddenChanges(
  { name }: Actor,
  client: Pick<AgentClient, "call">,
  random: Random,
  recorder: Recorder,
  commands: ReturnType<typeof createHttpCommands>,
) {
  return (target: MessageCopy, path: string) => {
    const by = { actor: name, page: `${name} over HTTP`, isForbidden: true };
    const change = recorder.change(by, target, random.chance(0.5));
    if (!change) return;
    const { body } = change;
    commands.addChange(change, () =>
      body === null ? client.call("DELETE", path) : client.call("PATCH", path, { body }),
    );
  };
}
