/** A seeded source of numbers: the same seed gives the same numbers on every machine. */
export type Random = {
  /** a whole number below 2³² */
  uint32(): number;
  /** from 0 up to but not including 1 */
  unit(): number;
  /** a whole number below `bound` */
  below(bound: number): number;
  chance(probability: number): boolean;
  /** log-normally distributed: half are below `median`; with a `spread` of 1, one in six is above 2.7 medians */
  logNormal(median: number, spread: number): number;
  pick<Item>(items: readonly Item[]): Item;
};

/** sfc32 (Chris Doty-Humphrey's PractRand): four words of state, among the fastest in JavaScript. */
export function createRandom(...seed: number[]): Random {
  const [first = 0, second = 0] = seed;
  let [a, b, c, counter] = [first | 0, second | 0, Math.floor(first / 2 ** 32) | 0, 1];
  function uint32(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  }
  for (let i = 0; i < 15; i++) uint32(); // after these, similar seeds give unrelated numbers

  const unit = () => uint32() / 2 ** 32;
  const below = (bound: number) => Math.floor(unit() * bound);
  // Box and Muller's transform.
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  return {
    uint32,
    unit,
    below,
    chance: probability => unit() < probability,
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    pick: items => items[below(items.length)]!,
  };
}

/** Writes a UUIDv7 (RFC 9562) that begins with `timeMs` (whole ms since 1970). */
export function writeId(target: Buffer, offset: number, timeMs: number, random: Random): void {
  target.writeUIntBE(timeMs, offset, 6);
  target.writeUInt32BE(random.uint32(), offset + 6);
  target.writeUInt32BE(random.uint32(), offset + 10);
  target.writeUInt16BE(random.uint32() & 0xffff, offset + 14);
  target[offset + 6] = 0x70 | (target[offset + 6]! & 0x0f);
  target[offset + 8] = 0x80 | (target[offset + 8]! & 0x3f);
}

export function makeId(timeMs: number, random: Random): Buffer {
  const id = Buffer.allocUnsafe(16);
  writeId(id, 0, timeMs, random);
  return id;
}

export const formatId = (id: Buffer) => id.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
