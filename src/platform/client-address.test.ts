import { expect, test } from "vitest";
import { createClientReader, keptAddress, parseTrustedProxies, type TrustedProxies } from "./client-address.ts";

const read = (trusted: TrustedProxies, remoteAddress: string | undefined, forwarded?: string) =>
  createClientReader({ trustProxy: trusted, auditAddresses: "full" })({
    headers: { ...(forwarded !== undefined && { "x-forwarded-for": forwarded }) },
    socket: { remoteAddress },
  }).address;

test.each<[string, TrustedProxies, string, string | undefined, string]>([
  ["nobody is trusted", 0, "192.0.2.1", "198.51.100.7", "192.0.2.1"],
  ["nothing is said", null, "192.0.2.1", "198.51.100.7", "192.0.2.1"],
  ["one proxy", 1, "10.0.0.1", "198.51.100.7", "198.51.100.7"],
  ["one proxy, and entries of the client's own", 1, "10.0.0.1", "1.1.1.1, 2.2.2.2, 198.51.100.7", "198.51.100.7"],
  ["two proxies, and an entry of the client's own", 2, "10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"],
  ["two proxies, of which one was passed by", 2, "10.0.0.1", "198.51.100.7", "198.51.100.7"],
  ["a proxy that adds nothing", 1, "10.0.0.1", undefined, "10.0.0.1"],
  ["a proxy that knows nothing", 1, "10.0.0.1", "1.1.1.1, unknown", "10.0.0.1"],
  ["nonsense", 1, "10.0.0.1", "1.1.1.1, <script>", "10.0.0.1"],
  ["nonsense that a lax reader takes for an address", 1, "10.0.0.1", "1", "10.0.0.1"],
  ["empty entries", 1, "10.0.0.1", " , 198.51.100.7 , ", "198.51.100.7"],
  ["a port", 1, "10.0.0.1", "198.51.100.7:4711", "198.51.100.7"],
  ["an IPv6 address with a port", 1, "10.0.0.1", "[2001:DB8::1]:4711", "2001:db8::1"],
  ["an IPv6 address in brackets and quotes", 1, "10.0.0.1", '"[2001:db8:0:0::1]"', "2001:db8::1"],
  ["an IPv6 address with a zone", 1, "fe80::1%eth0", "", "fe80::1"],
  ["an IPv4 address in an IPv6 one", 1, "::ffff:10.0.0.1", "::ffff:c633:6407", "198.51.100.7"],
  ["a network", ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1, 198.51.100.7, 10.2.3.4", "198.51.100.7"],
  ["a network, and a stranger who speaks to us directly", ["10.0.0.0/8"], "192.0.2.1", "1.1.1.1", "192.0.2.1"],
  ["an IPv6 network", ["fd00::/8"], "fd00::1", "198.51.100.7", "198.51.100.7"],
  ["a network, and only proxies", ["10.0.0.0/8"], "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
])("the client behind %s", (_name, trusted, socket, forwarded, address) => {
  expect(read(trusted, socket, forwarded)).toBe(address);
});

test("a closed socket has an address too", () => {
  expect(read(1, undefined, undefined)).toBe("unknown");
});

test("limits count an IPv4 address alone, and IPv6 addresses by their /64", () => {
  const networkOf = (remoteAddress: string) =>
    createClientReader({ trustProxy: 0, auditAddresses: "full" })({ headers: {}, socket: { remoteAddress } }).network;
  expect(networkOf("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
  expect(networkOf("2001:db8:1:2::9")).toBe("2001:db8:1:2::/64");
  expect(networkOf("2001:db8::9")).toBe("2001:db8:0:0::/64");
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
});

test("of an address a network is kept, all of it, or nothing", () => {
  expect(keptAddress("198.51.100.7", "shortened")).toBe("198.51.100.0/24");
  expect(keptAddress("2001:db8:1:2::9", "shortened")).toBe("2001:db8:1::/48");
  expect(keptAddress("2001:db8::9", "shortened")).toBe("2001:db8:0::/48");
  expect(keptAddress("unknown", "shortened")).toBeNull();
  expect(keptAddress("2001:db8::9", "full")).toBe("2001:db8::9");
  expect(keptAddress("198.51.100.7", "none")).toBeNull();
});

test.each<[string, TrustedProxies | undefined]>([
  ["off", 0],
  ["0", 0],
  ["1", 1],
  ["on", 1],
  ["3", 3],
  ["10.0.0.0/8, fd00::/8", ["10.0.0.0/8", "fd00::/8"]],
  ["192.0.2.1", ["192.0.2.1"]],
  ["Loopback", ["127.0.0.0/8", "::1/128"]],
  ["maybe", undefined],
  ["10.0.0.0/33", undefined],
  ["10.0.0.0/8/8", undefined],
  ["10.0.0/8", undefined],
  ["-1", undefined],
  ["1000", undefined],
])("TRUST_PROXY=%s", (text, trusted) => {
  expect(parseTrustedProxies(text)).toEqual(trusted);
});
