import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const everyCalls = 100;

/**
 * Collects garbage once, and again each 100 calls. To be called for each chunk of a fast stream, 64 KB. The buffers of chunks are
 * garbage that Node collects after 64 MB only; with this an export takes 30 MB less (npm run bench -- export).
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
