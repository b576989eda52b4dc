import { expect, test } from "vitest";
import { isOwnOrigin } from "./origins.ts";

const local = { url: "http://localhost:8080", config: { publicUrl: null } };
const lan = { url: "http://192.0.2.1:8080", config: { publicUrl: null } };
const published = { url: "https://chat.example.com", config: { publicUrl: "https://chat.example.com" } };
const odd = { url: "https://chat.example.com:8443/", config: { publicUrl: "https://chat.example.com:8443/" } };

test.each<[string, typeof local | typeof published, Record<string, string>, boolean]>([
  ["its own page", published, { origin: "https://chat.example.com", host: "chat.example.com" }, true],
  ["its own page, whatever host the proxy sends", published, { origin: "https://chat.example.com", host: "app" }, true],
  ["its own page at another port", odd, { origin: "https://chat.example.com:8443", host: "x" }, true],
  ["the same host without the port", odd, { origin: "https://chat.example.com", host: "chat.example.com" }, false],
  ["the same host over plain HTTP", published, { origin: "http://chat.example.com", host: "chat.example.com" }, false],
  ["a subdomain", published, { origin: "https://a.chat.example.com", host: "a.chat.example.com" }, false],
  ["this machine, behind a public address", published, { origin: "http://localhost:1", host: "localhost:1" }, false],
  [
    "a name that its owner points at this machine",
    local,
    { origin: "http://evil.example:8080", host: "evil.example:8080" },
    false,
  ],
  [
    "a name that begins like this machine's",
    local,
    { origin: "http://localhost.evil:8080", host: "localhost.evil:8080" },
    false,
  ],
  ["a name that looks like an address", local, { origin: "http://127.0.0.1.evil", host: "127.0.0.1.evil" }, false],
  ["another name of this machine", local, { origin: "http://127.0.0.1:8080", host: "127.0.0.1:8080" }, true],
  ["this machine over IPv6", local, { origin: "http://[::1]:8080", host: "[::1]:8080" }, true],
  ["a tunnel to this machine", local, { origin: "http://localhost:9000", host: "localhost:9000" }, true],
  ["another program on this machine", local, { origin: "http://localhost:3000", host: "localhost:8080" }, false],
  ["the address that it listens on", lan, { origin: "http://192.0.2.1:8080", host: "192.0.2.1:8080" }, true],
  ["another address of it", lan, { origin: "http://192.0.2.2:8080", host: "192.0.2.2:8080" }, false],
  ["a page without an origin, such as a sandboxed one", local, { origin: "null", host: "localhost:8080" }, false],
  ["a program, which sends no origin", published, { host: "chat.example.com" }, true],
  ["a form of another website", published, { host: "chat.example.com", "sec-fetch-site": "cross-site" }, false],
  ["a form of another subdomain", published, { host: "chat.example.com", "sec-fetch-site": "same-site" }, false],
  ["a typed address", published, { host: "chat.example.com", "sec-fetch-site": "none" }, true],
])("%s", (_name, address, headers, isOwn) => {
  expect(isOwnOrigin(address, headers)).toBe(isOwn);
});
