/** The lists of conversations that an agent can look at. */
export const inboxViews = ["all", "mine", "unassigned", "resolved"] as const;
