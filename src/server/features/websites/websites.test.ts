import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, shopOrigin, startApp } from "#lab/actors/app.ts";
import { type AgentClient, type Answer, Refused } from "#lab/actors/people.ts";
import type { Me } from "#protocol/accounts.ts";
import type { Website } from "#protocol/websites.ts";
import type { WidgetWebsite } from "#protocol/widget.ts";

let app: App;
let admin: AgentClient;
let agent: AgentClient;
let stranger: AgentClient;

beforeAll(async () => {
  app = await startApp();
  admin = await app.agent("admin");
  agent = await app.agent();
  stranger = (await app.otherWebsite()).owner;
});
afterAll(() => app.stop());

const path = (id = app.website.id) => `/websites/${id}`;
const show = (by = app.owner, id = app.website.id) => by.api<Website>("GET", path(id));
const change = (body: unknown, by = app.owner, id = app.website.id) => by.api<Website>("PATCH", path(id), body);
const add = (name: string, allowedOrigins = [shopOrigin], by = app.owner) =>
  by.api<Website>("POST", "/websites", { name, allowedOrigins });

/** What a page on `origin` gets of a website. */
async function widgetOn(origin: string, publicKey: string): Promise<Answer> {
  const response = await fetch(`${app.url}/api/v1/widget/websites/${publicKey}`, { headers: { origin } });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

const codeOf = async (answer: Answer) => new Refused(answer).code;

test("the creator of a website owns it, is its only member, and gets its events on a socket that is open", async () => {
  const socket = await app.owner.socket();
  const website = await add("Library", ["https://library.example"]);
  expect(website).toMatchObject({ name: "Library", role: "owner", unread: 0, publicKey: expect.any(String) });
  expect(website.settings).toEqual({
    colour: "#3457d5",
    carriesThreadOver: false,
    greeting: expect.stringMatching(/./),
    replyTime: expect.stringMatching(/./),
    privacyNotice: "",
    privacyLink: "",
    isNoticeRequired: false,
    keepsPageQuery: false,
    asksForEmail: true,
    mailsMissedAnswers: true,
    archiveAfterDays: 90,
    deleteAfterDays: 365,
    isDeletionConfirmed: true,
  });
  const { agents } = await app.owner.api<{ agents: { id: string }[] }>("GET", `${path(website.id)}/agents`);
  expect(agents.map(({ id }) => id)).toEqual([app.owner.me.user.id]);

  await socket.event("memberships.changed");
  await app.sql.query("update websites set allowed_origins = $1 where id = $2", [[shopOrigin], website.id]);
  const visitor = await app.visitor({ websiteKey: website.publicKey });
  const { conversation } = await visitor.send("Is the library open?");
  await socket.event("message.created", data => (data.conversation as { id: string }).id === conversation.id);
  await socket.close();
});

test("only an owner of a website adds another one", async () => {
  const count = async () => (await app.sql.query("select count(*) from websites")).rows;
  const before = await count();
  for (const by of [admin, agent]) {
    await expect(add("Mine", undefined, by)).rejects.toMatchObject({ status: 403, code: "forbidden" });
  }
  expect(await count()).toEqual(before);
});

test("agents see a website with their own role; only admins and owners change it", async () => {
  expect((await show(agent)).role).toBe("agent");
  expect((await show(admin)).role).toBe("admin");
  await expect(change({ name: "Agents' shop" }, agent)).rejects.toMatchObject({ code: "forbidden" });
  expect((await change({ name: "Admins' shop" }, admin)).name).toBe("Admins' shop");
  expect((await show(agent)).name).toBe("Admins' shop");
});

test("a change of some settings leaves the others, the name and the origins as they are", async () => {
  const before = await show();
  const after = await change({ settings: { greeting: "Good morning" } });
  expect(after).toEqual({ ...before, settings: { ...before.settings, greeting: "Good morning" } });
  expect(await change({})).toEqual(after);
});

test("changes of different fields at the same moment all hold", async () => {
  const { id } = await add("Busy");
  await Promise.all([
    change({ name: "Busier" }, undefined, id),
    change({ allowedOrigins: ["https://busy.example"] }, undefined, id),
    change({ settings: { greeting: "Hi" } }, undefined, id),
    change({ settings: { replyTime: "Soon." } }, undefined, id),
    change({ settings: { colour: "#112233" } }, undefined, id),
  ]);
  expect(await show(undefined, id)).toMatchObject({
    name: "Busier",
    allowedOrigins: ["https://busy.example"],
    settings: { greeting: "Hi", replyTime: "Soon.", colour: "#112233" },
  });
});

test("the chat is shown on the allowed origins as they are now, and on no others", async () => {
  const { id, publicKey } = await add("Origins", ["https://old.example"]);
  expect((await widgetOn("https://old.example", publicKey)).status).toBe(200);
  await change({ allowedOrigins: ["https://new.example", "https://*.shops.example"] }, undefined, id);
  for (const origin of ["https://new.example", "https://a.shops.example", "https://a.b.shops.example"]) {
    expect((await widgetOn(origin, publicKey)).status).toBe(200);
  }
  const refused = ["https://old.example", "https://shops.example", "http://new.example", "https://evilshops.example"];
  for (const origin of refused) {
    const answer = await widgetOn(origin, publicKey);
    expect([origin, answer.status, await codeOf(answer)]).toEqual([origin, 403, "origin_not_allowed"]);
  }
});

test("origins are stored as browsers send them", async () => {
  const spellings = {
    " HTTPS://Shop.Example/ ": "https://shop.example",
    "http://localhost:3000": "http://localhost:3000",
    "https://ports.example:443": "https://ports.example",
    "http://ports.example:80/": "http://ports.example",
    "https://ports.example:80": "https://ports.example:80",
    "https://dots.example.": "https://dots.example",
    "https://dots.example.:8443": "https://dots.example:8443",
    "https://Bücher.example": "https://xn--bcher-kva.example",
    "https://*.bücher.example:443": "https://*.xn--bcher-kva.example",
    "https://日本。example": "https://xn--wgv71a.example",
    "https://my_shop.example": "https://my_shop.example",
    "https://*.my_shop.example": "https://*.my_shop.example",
    "http://[0:0::1]:80": "http://[::1]",
  };
  const { allowedOrigins } = await add("Spelling", Object.keys(spellings));
  expect(allowedOrigins).toEqual(Object.values(spellings));
  const twice = await add("Twice", ["https://shop.example", "https://SHOP.example:443/"]);
  expect(twice.allowedOrigins).toEqual(["https://shop.example"]);
});

test("what is more or less than an origin is refused, with its place in the list", async () => {
  const wrong = [
    "https://shop.example/en",
    "https://shop.example?a",
    "https://shop.example#a",
    "https://me@shop.example",
  ];
  wrong.push(
    "shop.example",
    "//shop.example",
    "ftp://shop.example",
    "https://*",
    "https://a.*.example",
    "https://*a.example",
  );
  wrong.push("https://shop..example", "https://shop.example:99999", "https://a b", "https://", "null", "*");
  for (const origin of wrong) {
    const refused = add("Wrong", ["https://shop.example", origin]);
    await expect(refused, origin).rejects.toMatchObject({ message: expect.stringContaining("allowedOrigins.1") });
  }
});

test("a page whose address ends in a dot, as the visitor has typed it, is a page of the website", async () => {
  const { publicKey } = await add("Dots", ["https://dots.example", "https://*.dots.example:8443"]);
  for (const origin of ["https://dots.example.", "https://a.dots.example.:8443"]) {
    expect((await widgetOn(origin, publicKey)).status).toBe(200);
  }
  for (const origin of ["https://dots.example..", "https://dots.example.evil.example", "https://dots.example.:8443"]) {
    expect((await widgetOn(origin, publicKey)).status).toBe(403);
  }
});

test("any page may know name and settings of a website, with the colour of texts on its own, and nothing else", async () => {
  const { body, headers } = await widgetOn(shopOrigin, app.website.publicKey);
  const { name, settings } = await show();
  expect(body as WidgetWebsite).toEqual({ name, settings, textColour: "#ffffff", requiredNotice: null });
  expect(headers.get("cache-control")).toBe("public, max-age=300");
  const unknown = await widgetOn(shopOrigin, "no-such-key");
  expect([unknown.status, await codeOf(unknown)]).toEqual([404, "not_found"]);
});

test("what is no name, origin, colour or text is refused, the field is named, and nothing changes", async () => {
  const before = await show();
  const refused: [field: string, body: object][] = [
    ["name", { name: "" }],
    ["name", { name: "   " }],
    ["name", { name: "x".repeat(101) }],
    ["allowedOrigins", { allowedOrigins: [] }],
    ["allowedOrigins.1", { allowedOrigins: [shopOrigin, "https://shop.example/path"] }],
    ["allowedOrigins.0", { allowedOrigins: ["shop.example"] }],
    ["allowedOrigins.0", { allowedOrigins: ["javascript://shop.example"] }],
    ["settings.colour", { settings: { colour: "blue" } }],
    ["settings.greeting", { settings: { greeting: "x".repeat(201) } }],
  ];
  for (const [field, body] of refused) {
    const message = expect.stringContaining(`${field}: `);
    await expect(change(body)).rejects.toMatchObject({ code: "invalid_request", message });
  }
  expect(await show()).toEqual(before);
  await expect(add("", [shopOrigin])).rejects.toMatchObject({ code: "invalid_request" });
  await expect(add("Nowhere", [])).rejects.toMatchObject({ code: "invalid_request" });
});

test("a new identity secret makes identities signed with the old one invalid", async () => {
  const secretPath = `${path()}/identity-secret`;
  const read = async (by: AgentClient, method = "GET") =>
    (await by.api<{ identitySecret: string }>(method, secretPath)).identitySecret;
  const identify = async (secret: string) => {
    const token = new SignJWT({ sub: "customer-1" }).setProtectedHeader({ alg: "HS256" });
    return app.visitor({ identity: await token.sign(new TextEncoder().encode(secret)) });
  };
  const old = await read(admin);
  await identify(old);
  const next = await read(admin, "POST");
  expect(next).not.toBe(old);
  expect(await read(app.owner)).toBe(next);
  await identify(next);
  await expect(identify(old)).rejects.toMatchObject({ code: "identity_invalid" });
  for (const method of ["GET", "POST"]) {
    await expect(read(agent, method)).rejects.toMatchObject({ status: 403, code: "forbidden" });
  }
  expect(await read(app.owner)).toBe(next);
});

test("each website counts what is unread in it, until it is read or resolved", async () => {
  const website = await add("Counted");
  const unread = async () => (await app.owner.api<Me>("GET", "/me")).websites.map(({ id, unread }) => [id, unread]);
  const before = new Map((await unread()) as [number, number][]);
  expect(before.get(website.id)).toBe(0);
  const conversations: string[] = [];
  for (const body of ["One", "Two"]) {
    const visitor = await app.visitor({ websiteKey: website.publicKey });
    conversations.push((await visitor.send(body)).conversation.id);
  }
  expect(new Map((await unread()) as [number, number][])).toEqual(new Map([...before, [website.id, 2]]));
  const at = (index: number) => `${path(website.id)}/conversations/${conversations[index]}`;
  await app.owner.api("POST", `${at(0)}/read`, { seq: 1 });
  expect((await show(undefined, website.id)).unread).toBe(1);
  await app.owner.api("POST", `${at(1)}/resolve`);
  expect((await show(undefined, website.id)).unread).toBe(0);
});

test("to a stranger the website does not exist, and nothing of it changes", async () => {
  const before = await show();
  const { rows } = await app.sql.query("select identity_secret from websites where id = $1", [app.website.id]);
  const { websites } = await stranger.api<Me>("GET", "/me");
  expect(websites.map(({ id }) => id)).not.toContain(app.website.id);
  for (const [method, rest, body] of [
    ["GET", ""],
    ["PATCH", "", { name: "Taken over" }],
    ["GET", "/identity-secret"],
    ["POST", "/identity-secret"],
  ] as const) {
    const asking = stranger.api(method, path() + rest, body);
    await expect(asking).rejects.toMatchObject({ status: 404, code: "not_found" });
  }
  for (const id of ["0", "-1", "2147483648", "abc", "1.5"]) {
    await expect(app.owner.api("GET", `/websites/${id}`)).rejects.toMatchObject({ status: 404 });
  }
  expect(await show()).toEqual(before);
  const after = await app.sql.query("select identity_secret from websites where id = $1", [app.website.id]);
  expect(after.rows).toEqual(rows);
});
