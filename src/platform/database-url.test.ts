import { userInfo } from "node:os";
import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { normalizeDatabaseUrl } from "./database-url.ts";
import { maskUrl } from "./mask-url.ts";

/** What `new URL()` and the driver read of the normalized URL. */
function read(text: string, env: Record<string, string> = {}) {
  const url = new URL(normalizeDatabaseUrl(text, env));
  return {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    host: url.searchParams.get("host") ?? url.hostname,
    port: url.port,
    database: decodeURIComponent(url.pathname.slice(1)),
    sslmode: url.searchParams.get("sslmode"),
  };
}

const usual = { user: "ada", password: "secret", host: "db.example", port: "5432", database: "chat", sslmode: null };

test.each([
  ["postgres://ada:secret@db.example/chat", {}],
  ["postgresql://ada:secret@db.example:6432/chat", { port: "6432" }],
  ["postgres://ada:secret@db.example/chat?sslmode=require", { sslmode: "require" }],
  ["postgres://ada:secret@[::1]:5433/chat", { host: "[::1]", port: "5433" }],
  ["postgres://db.example/chat?user=ada&password=secret", {}],
  ["postgres:///chat?host=db.example&port=6000&user=ada&password=secret", { port: "6000" }],
  ["postgres://ada:secret@db.example?dbname=chat", {}],
  // sockets
  ["postgres://ada:secret@/chat?host=/var/run/postgresql", { host: "/var/run/postgresql" }],
  ["postgres://ada:secret@localhost/chat?host=/run/pg&port=5433", { host: "/run/pg", port: "5433" }],
  ["postgres://ada:secret@%2Fvar%2Frun%2Fpostgresql/chat", { host: "/var/run/postgresql" }],
  // characters that other programs want escaped
  ["postgres://ada:p%40ss@db.example/chat", { password: "p@ss" }],
  ["postgres://ada:p@ss@db.example/chat", { password: "p@ss" }],
  ["postgres://ada:p/s?s#@db.example/chat", { password: "p/s?s#" }],
  ["postgres://ada:12/34@db.example/chat", { password: "12/34" }],
  ["postgres://ada:a:b@db.example/chat", { password: "a:b" }],
  ["postgres://ada:100%@db.example/chat", { password: "100%" }],
  ["postgres://ada:%zz%41@db.example/chat", { password: "%zzA" }],
  ["postgres://ada:ä €@db.example/chat", { password: "ä €" }],
  ["postgres://ada%40team:secret@db.example/my%20chat", { user: "ada@team", database: "my chat" }],
  // the driver's own words
  ["postgres://ada:secret@db.example/chat?ssl=true", { sslmode: "verify-full" }],
  ["postgres://ada:secret@db.example/chat?ssl=0", { sslmode: "disable" }],
])("%s is read", (text, differences) => {
  expect(read(text)).toEqual({ ...usual, ...differences });
  expect(maskUrl(normalizeDatabaseUrl(text, {}))).not.toContain(
    encodeURIComponent({ ...usual, ...differences }.password),
  );
});

test("what the URL does not say comes from the variables of libpq, and then from its defaults", () => {
  const env = {
    PGHOST: "db.example",
    PGPORT: "6000",
    PGUSER: "ada",
    PGPASSWORD: "secret",
    PGDATABASE: "chat",
    PGSSLMODE: "require",
  };
  expect(read("postgres://", env)).toEqual({ ...usual, port: "6000", sslmode: "require" });
  expect(read("postgres://eve:other@localhost:5432/mail?sslmode=disable", env)).toEqual({
    ...{ user: "eve", password: "other", host: "localhost", port: "5432", database: "mail", sslmode: "disable" },
  });
  const user = userInfo().username;
  expect(read("postgres://")).toEqual({ ...usual, user, password: "", host: "localhost", database: user });
});

test.each([
  ["postgres://ada:secret@one:5432,two:5433/chat", /several hosts.*the primary's/],
  ["postgres://ada:secret@/chat?host=one,two", /several hosts/],
  ["postgres://ada:secret@db.example/chat?sslmode=on", /sslmode is "on"\. Write one of disable, .*verify-full/],
  ["postgres://ada:secret@db.example/chat?sslmode=verify-ca", /add sslrootcert=/],
  ["postgres://ada:secret@db.example:port/chat", /escape what is special: @ as %40/],
  ["postgres://ada:secret@db.example:70000/chat", /port is "70000"/],
  ["postgres:/ada:secret@db.example/chat", /must begin with postgres:\/\//],
  ["ada:secret@db.example/chat", /must begin with postgres:\/\//],
  ["host=db.example user=ada password=secret", /must begin with postgres:\/\//],
  ["host=db.example password='a secret'", /must begin with postgres:\/\//],
  ["postgres://ada:secret", /escape what is special/],
  ["mysql://ada:secret@db.example/chat?ssl=1", /must begin with postgres:\/\//],
])("%s is refused with what to write, and without the password", (text, reason) => {
  const read = () => readConfig({ DATABASE_URL: text });
  expect(read).toThrow(reason);
  expect(read).toThrow(/^DATABASE_URL is ".*", which is not valid: .*Expected: /);
  expect(read).not.toThrow(/secret/);
});

test("no setting shows a password when it is refused", () => {
  for (const REDIS_URL of ["http://ada:secret@cache:6379", "rediss://:sec/secret@cache", "redis://ada:secret@c:99999"])
    expect(() => readConfig({ REDIS_URL })).not.toThrow(/secret/);
  expect(() => readConfig({ REDIS_URL: "http://ada:secret@cache:6379" })).toThrow(
    /^REDIS_URL is "http:\/\/ada:\*\*\*@cache/,
  );
  expect(() => readConfig({ PUBLIC_URL: "ftp://ada:secret@chat.example.com" })).not.toThrow(/secret/);
});

test.each([
  ["postgres://ada:secret@db.example/chat", "postgres://ada:***@db.example/chat"],
  ["postgres://ada:se/secret@db.example/chat", "postgres://ada:***@db.example/chat"],
  [
    "postgres://db.example/chat?password=secret&sslmode=require",
    "postgres://db.example/chat?password=***&sslmode=require",
  ],
  ["postgres://db.example:5432/chat", "postgres://db.example:5432/chat"],
  ["https://chat.example.com/a@b", "https://chat.example.com/a@b"],
])("%s is shown as %s", (text, shown) => {
  expect(maskUrl(text)).toBe(shown);
});
