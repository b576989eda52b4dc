/**
 * While an input method composes, Enter chooses a word and Escape drops it. Nothing in the page gets these keys, so no
 * field is sent or left by them, and no menu or dialog closes. Safari ends composing before it sends the key, which then
 * has the code 229. Call it before any other listener is added.
 */
export function leaveKeysToInputMethods(): void {
  const handle = (event: KeyboardEvent) => {
    const isComposed = event.isComposing || event.keyCode === 229;
    if (isComposed && (event.key === "Enter" || event.key === "Escape")) event.stopImmediatePropagation();
  };
  addEventListener("keydown", handle, { capture: true });
}
