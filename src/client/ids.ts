/**
 * A UUIDv7 (RFC 9562): 48 bits of time in ms, then 74 random bits. `crypto.randomUUID` is no substitute: browsers
 * offer it on HTTPS pages only.
 */
export function newId(nowMs = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(19));
  let at = 0;
  const digits = "-7xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, letter => {
    const digit = random[at++]! % 16;
    return (letter === "x" ? digit : 8 + (digit % 4)).toString(16);
  });
  return nowMs.toString(16).padStart(12, "0").replace(/.{8}/, "$&-") + digits;
}
