import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

export type ReceivedPost = { path: string; headers: IncomingHttpHeaders; body: string };
export type WebhookReceiver = {
  url: string;
  received: ReceivedPost[];
  /** the answers from now on; default: 204 */
  answerWith(status: number, headers?: Record<string, string>): void;
  stop(): Promise<void>;
};

/** A real HTTP server that keeps what is posted to it. @param port  default: a free one */
export async function startWebhookReceiver(port = 0): Promise<WebhookReceiver> {
  const received: ReceivedPost[] = [];
  let answer: [status: number, headers: Record<string, string>] = [204, {}];
  const server = createServer(async (request, response) => {
    received.push({ path: request.url!, headers: request.headers, body: await text(request) });
    response.writeHead(...answer).end();
  });
  await once(server.listen(port, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answerWith(status, headers = {}) {
      answer = [status, headers];
    },
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

export type ReceivedMail = { from: string; to: string[]; source: string };
export type MailServer = { url: string; received: ReceivedMail[]; stop(): Promise<void> };

/** A real SMTP server that keeps its mails, lets in only who knows the password, and refuses addresses that begin with "nobody@". */
export async function startMailServer({ user = "chat", password = "secret" } = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    onAuth({ username, password: given }, _session, done) {
      if (username === user && given === password) return done(null, { user });
      done(new Error("Wrong user name or password"));
    },
    onRcptTo({ address }, _session, done) {
      const refused = Object.assign(new Error(`<${address}>: no such user`), { responseCode: 550 });
      done(address.startsWith("nobody@") ? refused : undefined);
    },
    async onData(stream, { envelope }, done) {
      const source = await text(stream);
      const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
      received.push({ from, to: envelope.rcptTo.map(({ address }) => address), source });
      done();
    },
  });
  server.on("error", () => {}); // a client that gave up
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${user}:${password}@127.0.0.1:${port}`,
    received,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  };
}
