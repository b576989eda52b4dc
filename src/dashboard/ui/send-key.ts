import type { KeyboardEvent } from "react";

/** Enter without Shift. While an input method composes, the page gets no Enter: see app/input-methods.ts. */
export const isSendKey = ({ key, shiftKey }: KeyboardEvent): boolean => key === "Enter" && !shiftKey;
