import { type LookupAddress, lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/**
 * Networks that are not the public internet (RFC 6890 and its successors): this machine, private networks, the addresses of
 * clouds' metadata. A webhook to them would let who sets one up reach what only this machine should.
 */
const privateNetworks: [address: string, bits: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

const ipv4 = new BlockList();
for (const [address, bits] of privateNetworks) ipv4.addSubnet(address, bits, "ipv4");

/** Of IPv6 only global unicast is public, and in it not what stands for an IPv4 address, or for documents. */
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");
const special = new BlockList();
special.addSubnet("2001::", 23, "ipv6");
special.addSubnet("2001:db8::", 32, "ipv6");
special.addSubnet("2002::", 16, "ipv6");
special.addSubnet("3fff::", 20, "ipv6");

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !ipv4.check(address, "ipv4");
  return isIP(address) === 6 && global.check(address, "ipv6") && !special.check(address, "ipv6");
}

export class PrivateAddressError extends Error {}

export const privateAddress = (host: string) =>
  new PrivateAddressError(
    `${host} is in a private network. Set WEBHOOK_NETWORKS=any if that is what you want: then operators can send requests to ` +
      "every service that this server reaches.",
  );

/** Looks a name up for a connection, and refuses it if any of its addresses is private: the one that was checked is used. */
export const lookupPublic: LookupFunction = (host, options, answer) => {
  lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return answer(error, "");
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address)))
      return answer(privateAddress(host), "");
    if (options.all) return answer(null, addresses);
    answer(null, addresses[0]!.address, addresses[0]!.family);
  });
};
