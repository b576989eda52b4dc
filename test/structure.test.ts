import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "#lab/programs/folders.ts";
import { findCircles, findProblems } from "./structure.ts";

/** Creates a repository with these files. */
function problemsOf(files: Record<string, string>): Record<string, string[]> {
  const root = makeFolder();
  const all = { "package.json": '{ "imports": { "#lab/*": "./lab/*", "#*": "./src/*" } }', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return Object.fromEntries(findProblems(root).map(({ rule, lines }) => [rule, lines]));
}

test("a circle of files is found through types, several lines, folders and dynamic imports", () => {
  const problems = problemsOf({
    "lab/a.ts": 'import {\n  b,\n} from "#one/b.ts";\n',
    "src/one/b.ts": 'import type { C } from "./c.ts";\n',
    "src/one/c.ts": 'const a = await import("#lab/a.ts");\n',
    "src/one/outside.ts": 'import { b } from "./b.ts";\nexport const path = join("#lab/a.ts");\n',
  });
  expect(problems["files import in a circle"]).toEqual(["lab/a.ts · src/one/b.ts · src/one/c.ts"]);
});

test("a circle of folders is reported with its imports, also if there is no circle of files", () => {
  const problems = problemsOf({
    "src/one/a.ts": 'import { b } from "#two/b.ts";\n',
    "src/one/d.ts": "export const d = 1;\n",
    "src/two/b.ts": "export const b = 1;\n",
    "src/two/c.ts": 'import { d } from "#one/d.ts";\n',
    "src/two/c.test.ts": 'import { e } from "#three/e.ts";\n',
    "src/three/e.ts": 'import { c } from "#two/c.ts";\n',
  });
  expect(problems["files import in a circle"]).toEqual([]);
  expect(problems["folders of src import in a circle"]).toEqual([
    "src/one · src/two",
    "  src/one/a.ts imports src/two/b.ts",
    "  src/two/c.ts imports src/one/d.ts",
  ]);
});

test("a feature may import another's feature.ts and no other file of it", () => {
  const problems = problemsOf({
    "src/server/features/tags/actions.ts":
      'import { own } from "./queries.ts";\nimport { inbox } from "#server/features/inbox/feature.ts";\n',
    "src/server/features/tags/queries.ts": 'import { list } from "#server/features/inbox/queries.ts";\n',
    "src/server/features/inbox/feature.ts": "export const inbox = 1;\n",
    "src/server/features/inbox/queries.ts": "export const list = 1;\n",
  });
  expect(problems["features that import one another past feature.ts"]).toEqual([
    "src/server/features/tags/queries.ts imports src/server/features/inbox/queries.ts",
  ]);
});

test("circles without a common node are reported separately, and a node that imports itself is no circle", () => {
  const graph = { a: ["b"], b: ["a", "c"], c: ["d", "c"], d: ["e"], e: ["d"], f: ["f"] };
  expect(findCircles(new Map(Object.entries(graph)))).toEqual([
    ["d", "e"],
    ["a", "b"],
  ]);
});
