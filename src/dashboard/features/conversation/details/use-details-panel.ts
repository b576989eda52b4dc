import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useState } from "react";

/** Whether the details show: on wide screens as last chosen in this browser, on narrow ones after a press only. */
export function useDetailsPanel() {
  const wide = useMediaQuery("(min-width: 75em)", undefined, { getInitialValueInEffect: false }) ?? true;
  const [folded, setFolded] = useLocalStorage({
    key: "prochat:details-folded",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [over, setOver] = useState(false);
  return {
    wide,
    shown: wide ? !folded : over,
    toggle: () => (wide ? setFolded(!folded) : setOver(!over)),
  };
}
