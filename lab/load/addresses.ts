/** Below SOCKETS_PER_ADDRESS, 1,000, as one is told by each process, and below the ports that an address has. */
const socketsOfAddress = 800;
const addressesOfPart = 64;
const parts = ["talkers", "idle"] as const;

/**
 * Source addresses of 127.0.0.0/8 that no other part of any worker uses, a new one for every 800 sockets.
 * @param worker  0 to 125
 */
export function addressesFrom(worker: number, part: (typeof parts)[number]): { next(): string } {
  const first = (worker * parts.length + parts.indexOf(part)) * addressesOfPart;
  let given = 0;
  return {
    next() {
      const nth = first + Math.floor(given++ / socketsOfAddress);
      return `127.1.${Math.floor(nth / 250)}.${1 + (nth % 250)}`;
    },
  };
}
