import { useLiveState } from "#dashboard/live/live-provider.tsx";
import { visitorName } from "#dashboard/text/words.ts";
import classes from "./typing-line.module.css";

/** Takes its line also while nobody types: nothing moves when somebody begins or stops. */
export function TypingLine({ conversationId }: { conversationId: string }) {
  const typing = useLiveState(state => state.typing[conversationId]);
  const visitor = useLiveState(state => state.conversations[conversationId]?.visitor);
  const name =
    typing?.author === "agent" ? (typing.name ?? "An agent") : visitor ? visitorName(visitor) : "The visitor";
  return (
    <p className={classes.root} aria-live="polite">
      {typing && (
        <>
          <span className={classes.dots} aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          {name} is typing
        </>
      )}
    </p>
  );
}
