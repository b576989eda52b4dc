import { afterAll, beforeAll, expect, test } from "vitest";
import { type MailServer, startMailServer } from "#lab/programs/receivers.ts";
import { addressOf, isMailAddress } from "./addresses.ts";
import { sendMail } from "./mail.ts";

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.stop());

const from = '"Chat" <chat@example.com>';
const mail = { id: "019ad0d4", to: "admin@example.com", subject: "Ünïcode", text: "Line one\n.\nLine three\n" };

test("a mail arrives as plain text, and has the same id when it is sent again", async () => {
  await sendMail({ url: server.url, from }, mail);
  await sendMail({ url: server.url, from }, mail);
  expect(server.received).toHaveLength(2);
  for (const { from, to, source } of server.received) {
    expect({ from, to }).toEqual({ from: "chat@example.com", to: ["admin@example.com"] });
    expect(source).toMatch(/^Message-ID: <019ad0d4@example.com>/im);
    expect(source).toMatch(/^Content-Type: text\/plain/im);
    expect(source).toMatch(/^Auto-Submitted: auto-generated/im);
    expect(source).toContain("Line one\r\n.\r\nLine three");
  }
});

test("a wrong password and a server that is away are reported in words", async () => {
  const wrong = server.url.replace("secret", "other");
  await expect(sendMail({ url: wrong, from }, mail)).rejects.toThrow(/Invalid login/);
  await expect(sendMail({ url: "smtp://127.0.0.1:1", from }, mail)).rejects.toThrow(/ECONNREFUSED/);
  expect(server.received).toHaveLength(2);
});

test("an address cannot bring another recipient or header with it", () => {
  expect(isMailAddress("admin@example.com")).toBe(true);
  for (const text of ["admin", "a@b, c@d", "a@b\r\nBcc: c@d", "Admin <a@b>", "a@b;c@d", "@b", ""]) {
    expect(isMailAddress(text), text).toBe(false);
  }
  expect(addressOf(from)).toBe("chat@example.com");
  expect(addressOf("chat@example.com")).toBe("chat@example.com");
});
