import { useLiveState } from "#dashboard/live/live-provider.tsx";
import { visitorName } from "#dashboard/text/words.ts";
import classes from "./typing-line.module.css";

/** Keeps its height while there is nothing to show, so that nothing moves when a person begins or stops typing. */
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
