/** The only name that the widget adds to a page: see docs/embed.md. */
export type ProChat = {
  open(): void;
  close(): void;
  /** Names the user who is logged in, with a JWT that the website's server has signed. */
  identify(jwt: string): void;
  /** Removes what this browser keeps of the visitor. */
  logout(): void;
  /** Calls back with the number of unread messages, now and at each change; returns how to stop. */
  on(event: "unread", listener: (unread: number) => void): () => void;
};

declare global {
  interface Window {
    /** A page may put the identity here before the script runs. */
    ProChat?: ProChat | { identity?: string };
  }
}
