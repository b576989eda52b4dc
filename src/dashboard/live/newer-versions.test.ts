import { expect, test } from "vitest";
import { createVersionCheck } from "./newer-versions.ts";

const counts = { all: 0, mine: 0, unassigned: 0 };
const heartbeat = (...versions: [id: string, version: number][]) => ({
  websites: [
    {
      websiteId: 1,
      counts,
      heads: versions.map(([conversationId, version]) => ({ conversationId, version, lastSeq: 1 })),
    },
  ],
});

test("a version is newer once, and only above the one that is held", () => {
  const held: Record<string, number> = { a: 3 };
  const hasNewerVersion = createVersionCheck(id => held[id] ?? 0);
  expect(hasNewerVersion(heartbeat(["a", 3]))).toBe(false);
  expect(hasNewerVersion(heartbeat(["a", 4], ["b", 1]))).toBe(true);
  expect(hasNewerVersion(heartbeat(["a", 4], ["b", 1]))).toBe(false);
  held.a = 6;
  expect(hasNewerVersion(heartbeat(["a", 5]))).toBe(false);
  expect(hasNewerVersion(heartbeat(["a", 7]))).toBe(true);
});
