/** Thousands of people share the few addresses of a test: only what one address may do in all is raised. */
export const limitsOfCrowds = "visitorsSend=100000000/10 visitorsOther=100000000/10 agentOther=100000000/10";

/** Below SOCKETS_PER_ADDRESS (1,000 a process) and below the number of ports of an address. */
const socketsPerAddress = 800;
const addressesPerPart = 64;
const parts = ["authors", "idle"] as const;

/**
 * Source addresses of 127.0.0.0/8 that no other part of any worker uses, a new one for every 800 sockets.
 * @param worker  0 to 125
 */
export function addressesFrom(worker: number, part: (typeof parts)[number]): { next(): string } {
  const first = (worker * parts.length + parts.indexOf(part)) * addressesPerPart;
  let count = 0;
  return {
    next() {
      const nth = first + Math.floor(count++ / socketsPerAddress);
      return `127.1.${Math.floor(nth / 250)}.${1 + (nth % 250)}`;
    },
  };
}
