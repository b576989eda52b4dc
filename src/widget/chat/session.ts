import { createApi, type Refusal } from "#client/api.ts";
import type { TextStorage } from "#client/storage.ts";
import type { WidgetSession } from "#protocol/widget.ts";

export type Session = {
  /** Resolves with a token that should be valid; rejects with a Refusal. */
  token(): Promise<string>;
  /** Requests a new token in exchange for the present one. */
  renew(): Promise<string>;
  /** To be called when the server no longer accepts the token. */
  expire(): void;
  /** Keeps the token in this browser from now on. */
  keep(): void;
  /** An answer that comes later is not kept: the visitor may have logged out. */
  end(): void;
};

export type SessionOptions = {
  base: string;
  websiteKey: string;
  /** A JWT of the logged-in user. Their token is held in memory only, because computers are shared. */
  identity?: string;
  /** the privacy notice that the visitor has accepted */
  notice?: string;
  /** keeps an anonymous visitor's token when the page is closed */
  store: TextStorage;
  onSession: (session: WidgetSession) => void;
};

/** The visitor's token. Costs a request only if there is none yet, and that writes nothing on the server. */
export function openSession({ base, websiteKey, identity, notice, store, onSession }: SessionOptions): Session {
  const api = createApi(base);
  // With an identity, the anonymous visitor's token says what to carry over.
  let token = store.get("token") || undefined;
  let isValid = !!token && !identity;
  let isKept = isValid;
  let isEnded = false;
  let running: Promise<string> | undefined;

  async function request(earlier?: string): Promise<string> {
    try {
      const body = { websiteKey, identity, notice, token: earlier };
      const session = await api<WidgetSession>("POST", "/widget/session", body);
      token = session.token;
      isValid = true;
      if (isKept || session.conversation) keep();
      onSession(session);
      return token;
    } catch (error) {
      if (!earlier || (error as Refusal).status !== 401) throw error;
      return request();
    }
  }

  function renew(): Promise<string> {
    running ??= request(token).finally(() => {
      running = undefined;
    });
    return running;
  }

  function keep() {
    isKept = true;
    if (token && !identity && !isEnded) store.set("token", token);
  }

  return {
    token: async () => (isValid ? token! : renew()),
    renew,
    keep,
    expire() {
      isValid = false;
    },
    end() {
      isEnded = true;
    },
  };
}

/** The user that an identity names, unverified: it only separates what different people left in this browser. */
export function subjectOf(jwt: string): string {
  try {
    const claims = jwt.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(claims)).sub;
  } catch {
    return "";
  }
}
