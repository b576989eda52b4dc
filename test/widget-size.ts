import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** The size of the built widget: `npm run size` prints it and fails above the bounds. */
const boundsBytes = { loader: 2_000, everything: 15_000 };

const sizes = Object.fromEntries(
  readdirSync("dist/widget").map(name => [name, gzipSync(readFileSync(`dist/widget/${name}`), { level: 9 }).length]),
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
