import type { Page, WebSocketRoute } from "@playwright/test";

/** Stands between a page's socket and the server. */
export type SocketProxy = {
  /** Holds back what the server sends. */
  hold(): void;
  /** Passes on what was held, and what follows. */
  release(): void;
  /** Terminates the connection; what was held is lost. */
  terminate(): Promise<void>;
};

/** Closes every socket of the page at once, as some firewalls do. Call it before the page opens. */
export const blockSockets = (page: Page) => page.routeWebSocket(/\/api\/v1\/socket$/, route => route.close());

/** Call it before the page opens. */
export async function proxySocket(page: Page): Promise<SocketProxy> {
  let held: (() => void)[] | null = null;
  let client: WebSocketRoute | null = null;
  await page.routeWebSocket(/\/api\/v1\/socket$/, route => {
    client = route;
    route.connectToServer().onMessage(frame => {
      if (held) held.push(() => route.send(frame));
      else route.send(frame);
    });
  });
  return {
    hold() {
      held = [];
    },
    release() {
      for (const send of held ?? []) send();
      held = null;
    },
    async terminate() {
      held = null;
      await client?.close({ code: 4000, reason: "terminated" });
    },
  };
}

/** Refuses every hello, as a server that no longer speaks the page's protocol; returns how to stop. Call it before the page opens. */
export async function refuseAsOutdated(page: Page): Promise<() => void> {
  const error = { code: "client_outdated", message: "This page is older than the server. Reload it." };
  let refuses = true;
  await page.routeWebSocket(/\/api\/v1\/socket$/, route => {
    if (!refuses) return void route.connectToServer();
    route.onMessage(frame => route.send(JSON.stringify({ ref: JSON.parse(String(frame)).ref, error })));
  });
  return () => {
    refuses = false;
  };
}
