/** The only name that the widget adds to a page: see docs/embed.md. */
export type ProChat = {
  open(): void;
  close(): void;
  /** Puts the chat back, if the page has removed it. */
  attach(): void;
  /** Names the user who is logged in, with a JWT that the website's server has signed. */
  identify(jwt: string): void;
  /** Removes what this browser keeps of the visitor. */
  logout(): void;
  /** Calls back with the number of unread messages, now and at each change; returns how to stop. */
  on(event: "unread", listener: (unread: number) => void): () => void;
};

/** What a page may put under the name before the script runs, in place of attributes of the script. */
export type PageSettings = { website?: string; identity?: string };

declare global {
  interface Window {
    ProChat?: ProChat | PageSettings;
  }
}
