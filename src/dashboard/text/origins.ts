/**
 * The origins in a text, between line breaks, spaces or commas. Of a full address only the origin is kept. Everything
 * else stays as it is, and the form shows an error for it.
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
  "The addresses of your pages, one per line, such as https://shop.example. " +
  "https://*.shop.example means all its subdomains. The chat opens on these pages only.";
