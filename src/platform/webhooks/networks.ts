/** public: only to the internet, over HTTPS. any: also to private networks and to this machine, over HTTP too. */
export const webhookNetworks = ["public", "any"] as const;
export type WebhookNetworks = (typeof webhookNetworks)[number];
