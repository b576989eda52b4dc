/**
 * A UUIDv7 (RFC 9562): 48 bits of time in ms, then 74 random bits. `crypto.randomUUID` is no substitute: browsers
 * offer it on HTTPS pages only.
 */
export function newId(nowMs = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  random[0] = 0x70 | (random[0]! & 0x0f);
  random[2] = 0x80 | (random[2]! & 0x3f);
  const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");
  const digits = hex(nowMs, 12) + Array.from(random, byte => hex(byte, 2)).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
