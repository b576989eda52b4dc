/** @jsxImportSource #widget/dom */
import type { WidgetWebsite } from "#protocol/widget.ts";
import type { Chat } from "#widget/chat/chat.ts";
import { loadMessages, markRead, shownThread } from "#widget/chat/reading.ts";
import { render } from "#widget/dom/render.ts";
import { fitField, openDialog } from "./fit.ts";
import { Panel } from "./panel.tsx";
import { createScroll, shownOf } from "./scroll.ts";

/**
 * Draws the panel in `place`, from the present state of a chat.
 * @param close  is called when the visitor closes the panel
 * @returns a function that draws a chat, or removes the panel (null)
 */
export function createDrawing(
  place: HTMLElement,
  website: WidgetWebsite,
  close: () => void,
): (chat: Chat | null) => void {
  let shown: Chat | null = null;
  let edited: Chat["edited"];
  const scroll = createScroll({ bottom: () => shown && markRead(shown), top: loadOlder, unseen: () => draw(shown) });
  document.addEventListener("visibilitychange", scroll.measure);
  return draw;

  function draw(chat: Chat | null) {
    shown = chat;
    render(place, chat && <Panel {...{ chat, scroll, website, close }} />);
    if (chat) layOut(chat);
  }

  /** The part of a drawing that needs the browser's layout: heights, the focus, the place of the reader. */
  function layOut(chat: Chat) {
    if (openDialog(place)) scroll.attach(place.querySelector(".list")!);
    // When a change of a message begins or ends, the visitor writes next.
    if (edited !== chat.edited) place.querySelector("textarea")!.focus();
    edited = chat.edited;
    fitField(place);
    scroll.keep(shownOf(shownThread(chat).messages, chat.sync.getState().outbox));
  }

  function loadOlder() {
    if (shown && shownThread(shown).older && !shown.failed) loadMessages(shown);
  }
}
