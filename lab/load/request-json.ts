import { type Agent, request } from "node:http";

/**
 * Sends JSON, or a GET without a body. On a connection that the server ends at this moment, as it was idle, it is sent again,
 * as browsers and proxies do.
 * @throws Error with status and text of a response other than 200
 */
export function requestJson<Answer>(
  agent: Agent,
  url: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const options = {
      agent,
      method: text === undefined ? "GET" : "POST",
      headers: { ...headers, ...(text !== undefined && { "content-type": "application/json" }) },
    };
    const outgoing = request(url, options, response => {
      let answer = "";
      response.on("data", chunk => {
        answer += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(answer));
        else reject(new Error(`${response.statusCode} ${answer.slice(0, 200)}`));
      });
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      if (outgoing.reusedSocket && error.code === "ECONNRESET") resolve(requestJson(agent, url, headers, body));
      else reject(error);
    });
    outgoing.end(text);
  });
}
