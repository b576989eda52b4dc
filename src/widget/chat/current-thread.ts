import { hasOlder, messagesOf, type State } from "#client/store.ts";
import { currentOf } from "#client/visitor.ts";
import type { VisitorConversation } from "#protocol/conversations.ts";
import type { Message } from "#protocol/messages.ts";

export type CurrentThread = {
  /** the conversation to show; undefined before the first */
  id?: string;
  messages: Message[];
  loaded: boolean;
  /** There is more to load before them. */
  older: boolean;
};

/** What is held of the visitor's thread. A conversation that continues another shows when it is loaded, not before. */
export function threadOf(state: State<VisitorConversation>): CurrentThread {
  const newest = currentOf(state);
  const before = newest?.continuesId;
  const id = newest && !state.threads[newest.id] && before && state.threads[before] ? before : newest?.id;
  const loaded = !id || !!state.threads[id];
  return { id, loaded, messages: id ? messagesOf(state, id) : [], older: !!id && loaded && hasOlder(state, id) };
}
