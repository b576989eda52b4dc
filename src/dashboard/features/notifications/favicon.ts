const plain = "/assets/icon.v1.svg";

/** The icon of the tab: the product's, with a red dot if something is unread. */
export function showUnreadIcon(isUnread: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  const icon = isUnread ? "/assets/icon-unread.v1.svg" : plain;
  if (link.getAttribute("href") !== icon) link.href = icon;
}
