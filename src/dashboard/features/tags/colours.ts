/** Colours to choose from, different enough to be recognised at a glance. */
export const colours: { name: string; colour: string }[] = [
  { name: "Grey", colour: "#868e96" },
  { name: "Red", colour: "#e03131" },
  { name: "Orange", colour: "#e8590c" },
  { name: "Yellow", colour: "#f5b700" },
  { name: "Green", colour: "#2f9e44" },
  { name: "Teal", colour: "#0ca6a6" },
  { name: "Blue", colour: "#228be6" },
  { name: "Indigo", colour: "#3b4fc4" },
  { name: "Purple", colour: "#9c36b5" },
  { name: "Pink", colour: "#e64980" },
];

/** For the next tag: the colour that the fewest tags have. */
export function nextColour(tags: { colour: string }[]): string {
  const uses = (colour: string) => tags.filter(tag => tag.colour.toLowerCase() === colour).length;
  return colours.reduce((best, { colour }) => (uses(colour) < uses(best) ? colour : best), colours[0]!.colour);
}
