import { Text } from "@mantine/core";
import { contrast, isColour, textOn } from "#protocol/colour.ts";

const number = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The contrast of the text on a colour. WCAG asks for 4.5 : 1, and black or white always reaches it. */
export function Contrast({ colour }: { colour: string }) {
  if (!isColour(colour)) return null;
  const text = textOn(colour);
  return (
    <Text size="xs" c="dimmed" mt={4}>
      {text === "#ffffff" ? "White" : "Black"} text on this colour, contrast {number.format(contrast(colour, text))} : 1
    </Text>
  );
}
