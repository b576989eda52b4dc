/** Why a socket is closed, as docs/protocol.md lists them. */
export const closeCodes = {
  left: 1000,
  goingAway: 1001,
  flooded: 1008,
  failed: 1011,
  restarting: 1012,
  ended: 4401,
  noHello: 4408,
} as const;
