/** Phones, upright or not: there the panel is the whole screen. Also in panel.css. */
const phone = "(max-width: 480px), (max-height: 480px)";

/** Opens the dialog that was drawn in `place`, with the focus in its field; returns false if it is open already. */
export function openDialog(place: Element): boolean {
  const dialog = place.querySelector("dialog")!;
  if (dialog.open) return false;
  if (matchMedia(phone).matches) dialog.showModal();
  else dialog.show();
  place.querySelector("textarea")!.focus({ preventScroll: true });
  return true;
}

/** Makes the field as high as its text; panel.css stops it at eight lines. */
export function fitField(place: Element): void {
  const field = place.querySelector("textarea")!;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

/** A keyboard on the screen covers the page without making it smaller: the panel takes only the part in sight. */
export function fitAboveKeyboard({ style }: HTMLElement): void {
  const view = window.visualViewport;
  const fit = () => {
    style.setProperty("--top", `${view!.offsetTop}px`);
    style.setProperty("--height", `${view!.height}px`);
  };
  for (const name of ["resize", "scroll"]) view?.addEventListener(name, fit);
}
