// Runs on any Node, before the build: the program needs Node 24, which npm brings for Linux (x64, arm64) and Windows.
const wanted = 24;

if (Number.parseInt(process.versions.node, 10) < wanted) {
  console.error(
    `Node ${wanted} or later is needed, and this is ${process.version}. npm ci installs it as node-${process.platform}-${process.arch} ` +
      "if that exists: do not omit optional packages. Otherwise install it from https://nodejs.org, and run npm ci again.",
  );
  process.exit(1);
}
