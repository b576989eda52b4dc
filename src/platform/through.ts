import { type Duplex, pipeline, type Readable } from "node:stream";

/**
 * What a transform makes of a stream, such as a gzip of it. An error of one of the two ends both, and whoever reads gets it;
 * after an error inside of Node's compose() a reader may wait for ever.
 */
export function through<T extends Duplex>(source: Readable, transform: T): T {
  pipeline(source, transform, () => {});
  return transform;
}
