import type { Page, WebSocketRoute } from "@playwright/test";

/** What lies between a page's socket and the server. */
export type Wire = {
  /** Keeps what the server says from the page. */
  hold(): void;
  /** Lets through what was kept, and what follows. */
  release(): void;
  /** Breaks the connection; what was kept is lost. */
  cut(): Promise<void>;
};

/** As some proxies do: no socket of the page's brings anything. To be done before the page opens. */
export const blockSockets = (page: Page) => page.routeWebSocket(/\/api\/v1\/socket$/, route => route.close());

/** To be laid before the page opens. */
export async function layWire(page: Page): Promise<Wire> {
  let held: (() => void)[] | null = null;
  let near: WebSocketRoute | null = null;
  await page.routeWebSocket(/\/api\/v1\/socket$/, route => {
    near = route;
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
    async cut() {
      held = null;
      await near?.close({ code: 4000, reason: "cut" });
    },
  };
}

/** As a server does that no longer speaks the page's protocol; returns how to stop. To be done before the page opens. */
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
