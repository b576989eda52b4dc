/** The one name that the widget adds to a page. docs/embed.md tells of it. */
export type ProChat = {
  open(): void;
  close(): void;
  /** Says who is logged in, by a JWT that the website's server has signed. */
  identify(jwt: string): void;
  /** Forgets this visitor in this browser. */
  logout(): void;
  /** Calls back with the number of unread messages, now and at each change; returns how to stop. */
  on(event: "unread", listener: (unread: number) => void): () => void;
};

declare global {
  interface Window {
    /** Before the script has run a page may set the identity here. */
    ProChat?: ProChat | { identity?: string };
  }
}
