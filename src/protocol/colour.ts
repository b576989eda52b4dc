/** Colours are written as #3457d5. */
export const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

/** The contrast, from 1 to 21, between two colours (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

/** White if it can be read on this ground, else black: WCAG 2.2 asks for a contrast of 4.5. */
export const textOn = (ground: string): string => (luminance(ground) <= 1.05 / 4.5 - 0.05 ? "#ffffff" : "#000000");

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
