import { useEffect, useEffectEvent } from "react";

type Keys = Record<string, () => void>;

/**
 * Keys by the character that they type. They do nothing while a text field has the focus, or a dialog or menu is open.
 * @param p.repeats  a key that is held acts again and again; otherwise once, so that it never undoes what it has done
 */
export function useKeys(keys: Keys, { repeats = false } = {}): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const act = keys[event.key];
    if (
      !act ||
      (event.repeat && !repeats) ||
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isBusy(event)
    )
      return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}

function isBusy({ target }: KeyboardEvent): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]')) return true;
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
