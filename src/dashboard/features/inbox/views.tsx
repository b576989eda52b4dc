import { IconChecks, IconInbox, IconUserCheck, IconUserQuestion } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { InboxView } from "#protocol/inbox.ts";

type View = { id: InboxView; name: string; empty: { icon: ReactNode; title: string; hint: string } };

const icon = { size: 32, stroke: 1.5 };

export const views: View[] = [
  {
    id: "all",
    name: "All",
    empty: {
      icon: <IconInbox {...icon} />,
      title: "No open conversations",
      hint: "A visitor’s first message appears here at once.",
    },
  },
  {
    id: "mine",
    name: "Mine",
    empty: {
      icon: <IconUserCheck {...icon} />,
      title: "Nothing is assigned to you",
      hint: "Open a conversation and press “a” to take it.",
    },
  },
  {
    id: "unassigned",
    name: "Unassigned",
    empty: {
      icon: <IconUserQuestion {...icon} />,
      title: "Every open conversation is assigned",
      hint: "New ones wait here until an agent takes them.",
    },
  },
  {
    id: "resolved",
    name: "Resolved",
    empty: {
      icon: <IconChecks {...icon} />,
      title: "Nothing is resolved yet",
      hint: "Resolved conversations are listed here. The visitor’s next message reopens the conversation.",
    },
  },
];
