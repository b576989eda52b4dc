import { existsSync, readdirSync, statSync } from "node:fs";

/** The size of the built widget: `npm run size` prints it and fails above the bounds. */
const boundsBytes = { loader: 2_000, everything: 15_000 };

const sizes = Object.fromEntries(
  readdirSync("dist/widget")
    .filter(name => name.endsWith(".js"))
    .map(name => [name, sentBytes(`dist/widget/${name}`)]),
);
const figures = {
  loader: sizes["widget.js"] ?? Number.NaN,
  everything: Object.values(sizes).reduce((sum, size) => sum + size, 0),
};

for (const [what, bound] of Object.entries(boundsBytes)) {
  const size = figures[what as keyof typeof figures];
  const fits = size <= bound;
  console.log(`${what}: ${size} bytes gzip, bound ${bound}${fits ? "" : ": TOO LARGE"}`);
  if (!fits) process.exitCode = 1;
}

/** As the server sends it to a browser that takes gzip: a file that is too short to compress as it is. */
function sentBytes(path: string): number {
  const sent = existsSync(`${path}.gz`) ? `${path}.gz` : path;
  return statSync(sent).size;
}
