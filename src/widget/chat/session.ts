import { createApi, type Refusal } from "#client/api.ts";
import type { TextStorage } from "#client/storage.ts";
import type { WidgetSession } from "#protocol/widget.ts";

export type Session = {
  /** Resolves with a token that is believed to be good; rejects with a Refusal. */
  token(): Promise<string>;
  /** Asks for a token anew, with the one at hand. */
  renew(): Promise<string>;
  /** The server does not take the token any more. */
  expire(): void;
  /** Remembers the token in this browser, from now on. */
  keep(): void;
};

export type SessionOptions = {
  base: string;
  websiteKey: string;
  /** A JWT of who is logged in; their token is held in memory only, for computers are shared. */
  identity?: string;
  /** Where an anonymous visitor's token outlives the page. */
  store: TextStorage;
  onSession: (session: WidgetSession) => void;
};

/** Who the visitor is to the server. Costs a request only when there is no token yet, and writes nothing there. */
export function openSession({ base, websiteKey, identity, store, onSession }: SessionOptions): Session {
  const api = createApi(base);
  let token = identity ? null : store.get("token");
  let good = !!token;
  let kept = good;
  let running: Promise<string> | undefined;

  async function ask(earlier: string | null): Promise<string> {
    try {
      // Without a token there is none in the body either: JSON leaves undefined out.
      const body = { websiteKey, identity, token: earlier ?? undefined };
      const session = await api<WidgetSession>("POST", "/widget/session", body);
      token = session.token;
      good = true;
      if (kept || session.conversation) keep();
      onSession(session);
      return token;
    } catch (error) {
      if (!earlier || (error as Refusal).status !== 401) throw error;
      return ask(null);
    }
  }

  function renew(): Promise<string> {
    running ??= ask(token).finally(() => {
      running = undefined;
    });
    return running;
  }

  function keep() {
    kept = true;
    if (token && !identity) store.set("token", token);
  }

  return {
    token: async () => (good ? token! : renew()),
    renew,
    keep,
    expire() {
      good = false;
    },
  };
}

/** Whom an identity speaks of, unverified: it only keeps apart what different people left in this browser. */
export function subjectOf(jwt: string): string {
  try {
    const claims = jwt.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(claims)).sub;
  } catch {
    return "";
  }
}
