import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "#lab/eventually.ts";
import { childrenOf, isRunning } from "#lab/programs/processes.ts";
import { startBareWs } from "./bare-ws.ts";

test.each([
  [1, 0],
  [2, 2],
])("%i processes hold sockets, accept messages and ping the sockets", async (processes, workers) => {
  const bare = await startBareWs(processes, 500);
  onTestFinished(bare.stop);
  expect(bare.pids).toHaveLength(1 + workers);
  expect(childrenOf(bare.pids[0]!)).toEqual(bare.pids.slice(1));

  const sockets = Array.from({ length: 10 }, () => new WebSocket(bare.url));
  await Promise.all(sockets.map(socket => once(socket, "open")));
  for (const socket of sockets) socket.send("hello");
  await Promise.all(sockets.map(socket => once(socket, "ping")));
  expect(sockets.map(({ readyState, extensions }) => [readyState, extensions])).toEqual(
    sockets.map(() => [WebSocket.OPEN, ""]),
  );

  await bare.stop();
  await eventually(() => expect(bare.pids.filter(isRunning)).toEqual([]));
});

test("all of its processes end when the process that started them is killed", async () => {
  const path = join(import.meta.dirname, "bare-ws.ts");
  const script = `const { startBareWs } = await import(${JSON.stringify(path)});
    console.log(JSON.stringify((await startBareWs(2)).pids));`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(starter.stdout, "data");
  const pids: number[] = JSON.parse(line);
  expect(pids.filter(isRunning)).toEqual(pids);

  starter.kill("SIGKILL");
  await eventually(() => expect(pids.filter(isRunning)).toEqual([]));
});
