import { existsSync, readdirSync, statSync } from "node:fs";

/**
 * The size of the built widget: `npm run size` prints it and fails above the bounds. A visitor who chats loads `chat`. The
 * part about privacy comes only where a notice must be accepted, or when a visitor asks for their data.
 */
const boundsBytes = { loader: 2_000, chat: 20_000, privacy: 5_000 };

const sizes = readdirSync("dist/widget")
  .filter(name => name.endsWith(".js"))
  .map(name => ({ name, bytes: sentBytes(`dist/widget/${name}`) }));
const sumOf = (isOne: (name: string) => boolean) =>
  sizes.filter(({ name }) => isOne(name)).reduce((sum, { bytes }) => sum + bytes, 0);
const isPrivacy = (name: string) => name.startsWith("privacy");
const figures = {
  loader: sumOf(name => name === "widget.js"),
  chat: sumOf(name => !isPrivacy(name)),
  privacy: sumOf(isPrivacy),
};

for (const [what, bound] of Object.entries(boundsBytes)) {
  const size = figures[what as keyof typeof figures];
  const fits = size > 0 && size <= bound;
  console.log(`${what}: ${size} bytes gzip, bound ${bound}${fits ? "" : size > 0 ? ": TOO LARGE" : ": NOT BUILT"}`);
  if (!fits) process.exitCode = 1;
}

/** As the server sends it to a browser that takes gzip: a file that is too short to compress as it is. */
function sentBytes(path: string): number {
  const sent = existsSync(`${path}.gz`) ? `${path}.gz` : path;
  return statSync(sent).size;
}
