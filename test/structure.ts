import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The rules of imports that the linter cannot check: no circle between files, none between folders of src, and features of
 * the server import one another only through `feature.ts`. A type import counts too, because a reader follows it.
 *
 *     node test/structure.ts
 */

/** A file and the files that it imports, as paths from the root of the repository. */
export type Imports = Map<string, string[]>;
export type Finding = { rule: string; lines: string[] };

export function findProblems(root: string): Finding[] {
  const imports = readImports(root);
  const product = new Map([...imports].filter(([file]) => file.startsWith("src/") && !file.includes(".test.")));
  return [
    { rule: "files import in a circle", lines: describeCircles(imports) },
    { rule: "folders of src import in a circle", lines: describeFolderCircles(product) },
    { rule: "features that import one another past feature.ts", lines: listMeetings(product) },
  ];
}

const rooms = "{src,lab,bench,test}/**/*.{ts,tsx}";
/** Imports as the formatter writes them. They may span lines; the value of an `export const` is no import. */
const specifier = /^(?:import|export)\b[^"();=]*"([#.][^"]+)"|\bimport\("([#.][^"]+)"\)/gm;

function readImports(root: string): Imports {
  const { imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    imports: Record<string, string>;
  };
  const files = globSync(rooms, { cwd: root }).sort();
  return new Map(
    files.map(file => {
      const text = readFileSync(join(root, file), "utf8");
      const targets = [...text.matchAll(specifier)].map(([, from, dynamic]) =>
        resolve(file, from ?? dynamic!, imports),
      );
      return [file, [...new Set(targets)].filter(target => existsSync(join(root, target)))];
    }),
  );
}

/** The path that a relative specifier, or one of package.json's `imports`, names. */
function resolve(file: string, specifier: string, imports: Record<string, string>): string {
  if (specifier.startsWith(".")) return join(dirname(file), specifier);
  const prefixes = Object.keys(imports).filter(key => key.endsWith("*") && specifier.startsWith(key.slice(0, -1)));
  const longest = prefixes.toSorted((a, b) => b.length - a.length)[0];
  const target =
    imports[specifier] ?? (longest ? imports[longest]!.replace("*", specifier.slice(longest.length - 1)) : specifier);
  return join(target);
}

const describeCircles = (imports: Imports) => findCircles(imports).map(files => files.join(" · "));

/** Each circle of folders, and below it the imports that make it. */
function describeFolderCircles(imports: Imports): string[] {
  const folders: Imports = new Map();
  for (const [file, targets] of imports) {
    const own = dirname(file);
    const others = targets.filter(target => target.startsWith("src/")).map(target => dirname(target));
    folders.set(
      own,
      [...new Set([...(folders.get(own) ?? []), ...others])].filter(folder => folder !== own),
    );
  }
  return findCircles(folders).flatMap(circle => [circle.join(" · "), ...listImportsWithin(imports, circle)]);
}

const listImportsWithin = (imports: Imports, folders: string[]) =>
  [...imports].flatMap(([file, targets]) =>
    targets
      .filter(
        target => dirname(target) !== dirname(file) && [file, target].every(each => folders.includes(dirname(each))),
      )
      .map(target => `  ${file} imports ${target}`),
  );

const featureOf = (file: string) => /^src\/server\/features\/([^/]+)\//.exec(file)?.[1];

function listMeetings(imports: Imports): string[] {
  return [...imports].flatMap(([file, targets]) =>
    targets
      .filter(target => featureOf(file) && featureOf(target) && featureOf(file) !== featureOf(target))
      .filter(target => !target.endsWith("/feature.ts"))
      .map(target => `${file} imports ${target}`),
  );
}

/** The groups in which each node reaches each other, of two nodes or more (Tarjan's strongly connected components). */
export function findCircles(graph: Imports): string[][] {
  const order = new Map<string, { index: number; low: number; isOpen: boolean }>();
  const open: string[] = [];
  const circles: string[][] = [];
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return circles;

  function visit(node: string) {
    const here = { index: order.size, low: order.size, isOpen: true };
    order.set(node, here);
    open.push(node);
    for (const target of graph.get(node) ?? []) {
      const there = order.get(target) ?? visit(target);
      if (there.isOpen) here.low = Math.min(here.low, there.low);
    }
    if (here.low < here.index) return here;
    const circle = open.splice(open.indexOf(node));
    for (const each of circle) order.get(each)!.isOpen = false;
    if (circle.length > 1) circles.push(circle.sort());
    return here;
  }
}

if (process.argv[1] === import.meta.filename) {
  const findings = findProblems(join(import.meta.dirname, "..")).filter(({ lines }) => lines.length > 0);
  for (const { rule, lines } of findings) console.log([`${rule}:`, ...lines.map(line => `  ${line}`)].join("\n"));
  process.exitCode = findings.length > 0 ? 1 : 0;
}
