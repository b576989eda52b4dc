import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const everyCalls = 100;

/**
 * Collects garbage once, and again each 100 calls. To be called for each chunk of a fast stream, 64 KB: Node collects the buffers of
 * chunks after 64 MB only.
 */
export function flatMemory(): () => void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options?: { type: "minor" }) => void;
  collect();
  let calls = 0;
  return () => {
    if (++calls % everyCalls === 0) collect({ type: "minor" });
  };
}
