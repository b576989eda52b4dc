/**
 * The origins that somebody typed or pasted, one a line or between commas. Of a whole address only the origin counts;
 * what is no address stays as it is, for the form to complain about.
 */
export function readOrigins(text: string): string[] {
  const lines = text.split(/[\s,]+/).filter(line => line !== "");
  return [...new Set(lines.map(originOf))];
}

function originOf(line: string): string {
  // URL knows no wildcards.
  if (line.includes("*") || !URL.canParse(line)) return line;
  const { protocol, origin } = new URL(line);
  return protocol === "http:" || protocol === "https:" ? origin : line;
}

export const originsHint =
  "Where your pages are, one a line: https:// and the name, such as https://shop.example. " +
  "https://*.shop.example stands for all subdomains. The chat does not open anywhere else.";
