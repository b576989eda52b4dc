import type { KeyboardEvent } from "react";

/** Enter without Shift. While an input method composes, Enter chooses a word. */
export const isSendKey = ({ key, shiftKey, nativeEvent }: KeyboardEvent): boolean =>
  key === "Enter" && !shiftKey && !nativeEvent.isComposing;
