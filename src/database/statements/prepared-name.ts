import { createHash } from "node:crypto";

const names = new Map<string, string>();

/** The same text always gets the same name. There are few texts, and each is used often. */
export function nameOf(text: string): string {
  let name = names.get(text);
  if (!name) {
    name = createHash("sha256").update(text).digest("base64url").slice(0, 20);
    names.set(text, name);
  }
  return name;
}
