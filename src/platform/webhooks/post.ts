import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import type { WebhookNetworks } from "./networks.ts";
import { isPublicAddress, lookupPublic, privateAddress } from "./public-addresses.ts";

/** Of the whole exchange. A receiver only has to store what it gets. */
const maxMs = 10_000;
/** The answer is not used. What it brings is read, so that the connection ends well, and no further than here. */
const maxAnswerBytes = 64 * 1024;

/** @returns what is wrong with the address; null: nothing, as far as can be seen without asking */
export function findUrlProblem(text: string, networks: WebhookNetworks): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return "It is no address such as https://example.com/hook.";
  if (url.username || url.password) return "It has a user name or a password, which is not supported.";
  if (networks === "any") return null;
  if (url.protocol !== "https:") return "It begins with http:. Without WEBHOOK_NETWORKS=any it must begin with https:.";
  const address = hostOf(url);
  return isIP(address) && !isPublicAddress(address) ? privateAddress(address).message : null;
}

/** Without the brackets of IPv6. */
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, "");

type Post = { url: string; headers: Record<string, string>; body: string; networks: WebhookNetworks };

/**
 * Posts JSON. A redirect is not followed: it may lead to where the address itself would be refused.
 * @throws Error with the reason in words when the receiver did not answer with 2xx in time
 */
export function postWebhook({ url: text, headers, body, networks }: Post): Promise<void> {
  const problem = findUrlProblem(text, networks);
  if (problem) return Promise.reject(new Error(problem));
  const url = new URL(text);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => sending.destroy(new Error(`It did not answer within ${maxMs / 1000} s.`)), maxMs);
    const end = (error?: Error) => {
      clearTimeout(late);
      if (error) reject(error);
      else resolve();
    };
    const options = {
      method: "POST",
      agent: false as const,
      headers: {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        "user-agent": "ProLiveChat",
        ...headers,
      },
      ...(networks === "public" && { lookup: lookupPublic }),
    };
    const sending = request(url, options, answer => {
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) answer.destroy();
      });
      answer.on("close", () => end(explainStatus(answer.statusCode ?? 0)));
      answer.on("error", () => {}); // "close" follows
    });
    sending.on("error", error => end(error));
    sending.end(body);
  });
}

function explainStatus(status: number): Error | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400)
    return new Error(`It answered with a redirect (${status}). Give the address that it leads to.`);
  return new Error(`It answered ${status}.`);
}
