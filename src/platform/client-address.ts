import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";

/** The proxies whose word counts: how many stand in front, or their networks. 0: none; null: nothing is said. */
export type TrustedProxies = number | string[] | null;

/** What limits and the audit log know a client by. */
export type Client = {
  /** what may be stored of the address: see keptAddress() */
  address: string | null;
  /** what limits count: the address, or the /64 of an IPv6 address, of which one customer has all */
  network: string;
};

const maxHops = 10;
const networkNames: Record<string, string[]> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"],
};

/**
 * Reads TRUST_PROXY: a number of proxies, or addresses and networks separated by commas.
 * @returns undefined if it is neither
 */
export function parseTrustedProxies(text: string): number | string[] | undefined {
  const word = text.trim().toLowerCase();
  if (/^(0|off|false|no)$/.test(word)) return 0;
  if (/^(on|true|yes)$/.test(word)) return 1;
  if (/^\d+$/.test(word)) return Number(word) <= maxHops ? Number(word) : undefined;
  const networks = word.split(/[\s,]+/).flatMap(name => networkNames[name] ?? [name]);
  return networks.every(isNetwork) ? networks : undefined;
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const max = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
  return max > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= max));
}

/**
 * Makes the function that finds a request's client. A client may send X-Forwarded-For itself, so only the entries that
 * trusted proxies have added count: from the last one back, as far as the proxies are trusted.
 */
export function createClientReader({ trustProxy, auditAddresses }: ReaderOptions): (request: Forwarded) => Client {
  const isTrusted = trustOf(trustProxy);

  return ({ headers, socket }) => {
    let address = normalize(socket.remoteAddress ?? "") ?? "unknown";
    const entries = isTrusted(address, 0) ? entriesOf(headers["x-forwarded-for"]) : [];
    for (let hop = 0; entries.length > 0 && isTrusted(address, hop); hop++) {
      const named = normalize(entries.pop()!);
      if (!named) break; // "unknown" or nonsense: the proxy that added it is all that is known
      address = named;
    }
    return { address: keptAddress(address, auditAddresses), network: networkOf(address) };
  };
}

type ReaderOptions = { trustProxy: TrustedProxies; auditAddresses: KeptAddresses };

type Forwarded = {
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string | undefined };
};

const entriesOf = (header: string | string[] | undefined) =>
  String(header ?? "")
    .split(",")
    .filter(entry => entry.trim() !== "");

function trustOf(trusted: TrustedProxies): (address: string, hop: number) => boolean {
  if (!Array.isArray(trusted)) return (_, hop) => hop < (trusted ?? 0);
  const networks = new BlockList();
  for (const network of trusted) {
    const [address, bits] = network.split("/") as [string, string | undefined];
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    networks.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  return address => isIP(address) !== 0 && networks.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** The address of an entry, without port, brackets and zone, in one spelling; null: it has none. */
function normalize(entry: string): string | null {
  const [, bracketed, plain] = /^\s*"?(?:\[([^\]]*)\](?::\d+)?|(\d+(?:\.\d+){3})(?::\d+)?|.*?)"?\s*$/.exec(entry) ?? [];
  const address = (bracketed ?? plain ?? entry.trim()).replace(/%.*$/, "");
  if (isIP(address) === 4) return address;
  if (isIP(address) !== 6) return null;
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(spelled);
  if (!mapped) return spelled;
  const [high, low] = [mapped[1]!, mapped[2]!].map(group => Number.parseInt(group, 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** @param address  as normalize() spells it */
const networkOf = (address: string): string => (address.includes(":") ? `${firstGroups(address, 4)}::/64` : address);

function firstGroups(address: string, count: number): string {
  const [before = [], after = []] = address.split("::").map(part => part.split(":").filter(group => group !== ""));
  const zeros = Array(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].slice(0, count).join(":");
}

export const keptAddresses = ["shortened", "full", "none"] as const;
export type KeptAddresses = (typeof keptAddresses)[number];

/**
 * What of an address is stored. Shortened it names a network of 256 addresses, or the /48 of an IPv6 one: enough to see that
 * somebody came from elsewhere, too little to tell one household from the next.
 */
export function keptAddress(address: string, kept: KeptAddresses): string | null {
  if (kept === "full") return address;
  if (kept === "none" || isIP(address) === 0) return null;
  return isIP(address) === 4 ? address.replace(/\d+$/, "0/24") : `${firstGroups(address, 3)}::/48`;
}

/** Headers that only proxies add. */
export const proxyHeaders = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"];

const howToTrust =
  "Set TRUST_PROXY to the number of proxies in front, or to their networks; to off if there is none. " +
  "Until then limits count everybody as the proxy.";

type Addresses = { host: string; publicUrl: string | null; trustProxy: TrustedProxies };

/** What is wrong if people must come from elsewhere and the settings do not say how; null: nothing. */
export function findAddressProblem({ host, publicUrl, trustProxy }: Addresses): string | null {
  if (publicUrl !== null && trustProxy === null) {
    return `PUBLIC_URL is ${publicUrl}, but TRUST_PROXY is not set. ${howToTrust}`;
  }
  if (publicUrl === null && (host === "0.0.0.0" || host === "::")) {
    return `HOST is ${host}, which opens the server to the network, but PUBLIC_URL is not set. Set it to the address that people open: until then the dashboard works on this machine only.`;
  }
  return null;
}

export const forwardedUnexpectedly = (header: string) =>
  `A proxy passed a request on (it has the header ${header}), but TRUST_PROXY is not set. ${howToTrust}`;
