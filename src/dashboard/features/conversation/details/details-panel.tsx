import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { PanelBoundary } from "#dashboard/ui/panel-boundary.tsx";
import classes from "./details-panel.module.css";
import type { useDetailsPanel } from "./use-details-panel.ts";

type Props = { panel: ReturnType<typeof useDetailsPanel>; children: ReactNode };

/** The details beside the conversation where the screen is wide enough, else over it. */
export function DetailsPanel({ panel: { wide, shown, toggle }, children }: Props) {
  const content = <PanelBoundary what="The details could not be shown">{children}</PanelBoundary>;
  if (wide) return shown && <aside className={classes.aside}>{content}</aside>;
  return (
    <Drawer opened={shown} onClose={toggle} position="right" size={340} title="Details">
      {content}
    </Drawer>
  );
}
