/**
 * White where it can be read on this ground, a colour such as #3457d5, else black: one of them always reaches the
 * contrast of 4.5 : 1 that WCAG 2.2 asks for.
 */
export function textOn(ground: string): string {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const share = Number.parseInt(ground.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return 1.05 / (luminance + 0.05) >= 4.5 ? "#fff" : "#000";
}
