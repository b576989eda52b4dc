import { afterEach, expect, test, vi } from "vitest";
import { openStorage } from "#client/storage.ts";
import { openSession, subjectOf } from "./session.ts";

afterEach(() => vi.unstubAllGlobals());

/** Answers each POST /widget/session in turn and remembers what was asked. */
function fakeServer(...answers: (string | { status: number; code: string })[]) {
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", async (_url: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    const answer = answers.shift() ?? "one too many";
    if (typeof answer !== "string")
      return Response.json({ error: { code: answer.code, message: "" } }, { status: answer.status });
    return Response.json({ token: answer, website: {}, agentsOnline: true, conversation: null });
  });
  return asked;
}

function open(options: { identity?: string; stored?: string } = {}) {
  const store = openStorage(null, "site:");
  if (options.stored) store.set("token", options.stored);
  const session = openSession({
    base: "",
    websiteKey: "key",
    identity: options.identity,
    store,
    onSession: () => undefined,
  });
  return { store, session };
}

test("opening the chat keeps nothing in the browser; writing does", async () => {
  const asked = fakeServer("first");
  const { store, session } = open();
  expect(await Promise.all([session.token(), session.token()])).toEqual(["first", "first"]);
  expect(asked).toEqual([{ websiteKey: "key" }]);
  expect(store.listNames()).toEqual([]);
  session.keep();
  expect(store.get("token")).toBe("first");
});

test("the token of a visitor who writes before it has come is kept when it comes", async () => {
  fakeServer("first");
  const { store, session } = open();
  session.keep();
  await session.token();
  expect(store.get("token")).toBe("first");
});

test("a stored token costs no request; an expired one is shown and replaced", async () => {
  const asked = fakeServer("second");
  const { store, session } = open({ stored: "first" });
  expect(await session.token()).toBe("first");
  expect(asked).toEqual([]);
  session.expire();
  expect(await session.token()).toBe("second");
  expect(asked).toEqual([{ websiteKey: "key", token: "first" }]);
  expect(store.get("token")).toBe("second");
});

test("a token that the server refuses to read is dropped", async () => {
  const asked = fakeServer({ status: 401, code: "session_expired" }, "second");
  const { session } = open({ stored: "first" });
  session.expire();
  expect(await session.token()).toBe("second");
  expect(asked).toEqual([{ websiteKey: "key", token: "first" }, { websiteKey: "key" }]);
});

test("a logged-in visitor leaves no token in the browser", async () => {
  fakeServer("theirs");
  const { store, session } = open({ identity: "jwt" });
  session.keep();
  expect(await session.token()).toBe("theirs");
  expect(store.listNames()).toEqual([]);
});

test("a refused identity says so", async () => {
  fakeServer({ status: 403, code: "identity_invalid" });
  await expect(open({ identity: "jwt" }).session.token()).rejects.toMatchObject({ code: "identity_invalid" });
});

test("an identity is named by its subject, and a broken one causes no error", () => {
  const claims = Buffer.from(JSON.stringify({ sub: "user>?42" })).toString("base64url");
  expect(subjectOf(`e30.${claims}.x`)).toBe("user>?42");
  expect(subjectOf("nonsense")).toBe("");
});
