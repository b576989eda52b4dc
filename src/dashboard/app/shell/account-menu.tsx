import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconKeyboard, IconLogout } from "@tabler/icons-react";
import { useId } from "react";
import { useMe } from "#dashboard/data/me.ts";
import { useLiveStatus, useOwnAvailability } from "#dashboard/live/live-provider.tsx";
import { Person } from "#dashboard/ui/person.tsx";
import type { ToldAvailability } from "#protocol/agents.ts";
import classes from "./account-menu.module.css";
import { PasswordDialog } from "./password-dialog.tsx";
import rail from "./rail.module.css";
import { useSignOut } from "./use-sign-out.ts";

export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { user } = useMe();
  const isConnected = useLiveStatus() === "online";
  const { chosen, now, choose } = useOwnAvailability();
  const availability = isConnected ? now : "offline";
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [changing, password] = useDisclosure();
  const signOut = useSignOut();
  const meaningId = useId();

  return (
    <>
      <Menu position="right-end" width={240} shadow="md">
        <Menu.Target>
          <UnstyledButton className={rail.button} aria-label={`Account of ${user.name}, ${availability}`}>
            <Person name={user.name} size={28} availability={availability} hint={`You are ${availability}`} />
            <span className={rail.label}>Account</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.user}>
            <strong>{user.name}</strong>
            <span>{user.email}</span>
          </div>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Availability"
            aria-describedby={meaningId}
            value={chosen}
            onChange={value => choose(value as ToldAvailability)}
            data={[
              { value: "online", label: "Online" },
              { value: "away", label: "Away" },
            ]}
          />
          <p id={meaningId} className={classes.meaning}>
            While no agent is online, visitors are asked to leave a message. After 10 minutes without input you are
            away.
          </p>
          <Menu.Divider />
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Theme"
            value={colorScheme}
            onChange={value => setColorScheme(value as typeof colorScheme)}
            data={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
              { value: "auto", label: "Auto" },
            ]}
          />
          <Menu.Divider />
          <Menu.Item leftSection={<IconKeyboard size={16} />} rightSection="?" onClick={onShortcuts}>
            Keyboard shortcuts
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} />} onClick={password.open}>
            Change password
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PasswordDialog opened={changing} onClose={password.close} />
    </>
  );
}
