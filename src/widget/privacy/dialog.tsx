/** @jsxImportSource #widget/dom */
import type { Child } from "#widget/dom/jsx-runtime.ts";
import { render } from "#widget/dom/render.ts";
import type { Shell } from "#widget/page/shell.ts";
import { Icon } from "#widget/panel/icon.tsx";
import panelCss from "#widget/panel/panel.css?inline";
import css from "./privacy.css?inline";

/** Phones, upright or not: there the dialog is the whole screen. As in panel.css. */
const phone = "(max-width: 480px), (max-height: 480px)";

const styled = new WeakSet<ShadowRoot>();

export type Dialog = {
  draw(content: Child): void;
  close(): void;
};

/**
 * Opens a dialog in the place of the chat's panel, with a header and a button that closes it.
 * @param onClose  it was closed, by whatever way
 */
export function openDialog({ root, website }: Shell, title: string, onClose: () => void): Dialog {
  if (!styled.has(root)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(panelCss + css);
    root.adoptedStyleSheets.push(sheet);
    styled.add(root);
  }
  const place = root.appendChild(document.createElement("div"));
  // The page's own shortcuts and focus traps must not react to it.
  for (const name of ["keydown", "keypress", "keyup", "focusin"])
    place.addEventListener(name, event => event.stopPropagation());

  const close = () => {
    if (!place.isConnected) return;
    place.querySelector("dialog")?.close();
    place.remove();
    onClose();
  };
  const draw = (content: Child) => {
    render(
      place,
      <dialog
        class="panel privacy"
        aria-labelledby="privacy-title"
        lang="en"
        onKeydown={event => event.key === "Escape" && close()}
        // A phone's back gesture.
        onClose={close}
      >
        <header>
          <button type="button" class="icon" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
          <h2 id="privacy-title">{title}</h2>
          <p dir="auto">{website.name}</p>
        </header>
        <div class="content">{content}</div>
      </dialog>,
    );
    const dialog = place.querySelector("dialog")!;
    if (dialog.open) return;
    if (matchMedia(phone).matches) dialog.showModal();
    else dialog.show();
    place.querySelector<HTMLElement>(".first")?.focus({ preventScroll: true });
  };
  return { draw, close };
}

export const Link = ({ href, children }: { href: string; children?: Child }) => (
  <a href={href} target="_blank" rel="noopener noreferrer">
    {children}
  </a>
);
