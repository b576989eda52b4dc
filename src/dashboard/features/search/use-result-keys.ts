import { type KeyboardEvent, useRef } from "react";

/** Arrow down leads from the field to the first result and on; arrow up back. */
export function useResultKeys() {
  const area = useRef<HTMLElement>(null);
  return {
    area,
    onKeyDown(event: KeyboardEvent) {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const field = area.current?.querySelector<HTMLElement>("input[type=search]");
      const stops = [field, ...(area.current?.querySelectorAll<HTMLElement>("a[data-result]") ?? [])];
      const at = stops.indexOf(document.activeElement as HTMLElement);
      const next = stops[at + step];
      if (step === 0 || at < 0 || !next) return;
      event.preventDefault();
      next.focus();
    },
  };
}
