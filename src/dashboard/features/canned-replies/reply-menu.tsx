import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useId, useState } from "react";
import { useMe, useWebsite } from "#dashboard/data/me.ts";
import type { CannedReply } from "#protocol/canned-replies.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { useCannedReplies } from "./canned-replies.ts";
import { fillIn } from "./placeholders.ts";
import classes from "./reply-menu.module.css";
import { search, type Typed, typedAt } from "./search.ts";

/** The field in which an agent writes. */
type Composer = {
  draft: string;
  caret: number;
  field: React.RefObject<HTMLTextAreaElement | null>;
  /** Replaces `[from, until)` of the draft, and puts the caret behind it. */
  replace(from: number, until: number, text: string): void;
};

type Props = { row: Conversation; composer: Composer };

/** Canned replies over the composer, while the agent types "/" and a part of a shortcut. */
export function ReplyMenu({ row, composer }: Props) {
  const typed = typedAt(composer.draft, composer.caret);
  const [dismissedAt, setDismissedAt] = useState(-1);
  if (!typed || typed.from === dismissedAt) return null;
  const dismiss = () => setDismissedAt(typed.from);
  return <Menu key={typed.word} row={row} composer={composer} typed={typed} onDismiss={dismiss} />;
}

function Menu({ row, composer, typed, onDismiss }: Props & { typed: Typed; onDismiss: () => void }) {
  const { data: replies = [], isSuccess } = useCannedReplies(row.websiteId);
  const found = search(replies, typed.word);
  const names = { visitor: row.visitor.name, agent: useMe().user.name, website: useWebsite().name };
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const insert = (reply: CannedReply) => composer.replace(typed.from, typed.until, fillIn(reply.body, names));

  useKeysOf(composer.field, found.length > 0 ? `${id}-${chosen}` : null, id, key => {
    if (key === "Escape") onDismiss();
    else if (key === "ArrowDown") setChosen((chosen + 1) % found.length);
    else if (key === "ArrowUp") setChosen((chosen + found.length - 1) % found.length);
    else insert(found[chosen]!);
  });

  if (isSuccess && replies.length === 0) return <NoneYet websiteId={row.websiteId} />;
  if (found.length === 0) return null;
  return (
    <div id={id} className={classes.root} role="listbox" aria-label="Canned replies">
      {found.map((reply, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
        <div
          key={reply.id}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === chosen}
          className={classes.option}
          // The field keeps the focus.
          onMouseDown={event => event.preventDefault()}
          onClick={() => insert(reply)}
        >
          <span className={classes.shortcut}>/{reply.shortcut}</span>
          <span className={classes.body}>{fillIn(reply.body, names)}</span>
        </div>
      ))}
    </div>
  );
}

const keys = ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"];

/** While there is something to choose, these keys of the field are the menu's; screen readers learn what is chosen. */
function useKeysOf(
  field: Props["composer"]["field"],
  chosenId: string | null,
  menuId: string,
  press: (key: string) => void,
): void {
  useEffect(() => {
    const node = field.current;
    if (!node || !chosenId) return;
    const handle = (event: KeyboardEvent) => {
      if (!keys.includes(event.key) || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      press(event.key);
    };
    node.addEventListener("keydown", handle);
    node.setAttribute("aria-controls", menuId);
    node.setAttribute("aria-activedescendant", chosenId);
    document.getElementById(chosenId)?.scrollIntoView({ block: "nearest" });
    return () => {
      node.removeEventListener("keydown", handle);
      node.removeAttribute("aria-controls");
      node.removeAttribute("aria-activedescendant");
    };
  });
}

const NoneYet = ({ websiteId }: { websiteId: number }) => (
  <Text size="sm" className={classes.none}>
    No canned replies yet.{" "}
    <Link to="/w/$websiteId/settings/replies" params={{ websiteId }}>
      Add the first one
    </Link>
  </Text>
);
