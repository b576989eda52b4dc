import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconKeyboard, IconLogout } from "@tabler/icons-react";
import { useLiveStatus } from "#dashboard/live/live-provider.tsx";
import { useMe } from "#dashboard/me.ts";
import { Person } from "#dashboard/ui/person.tsx";
import classes from "./account-menu.module.css";
import { PasswordDialog } from "./password-dialog.tsx";
import rail from "./rail.module.css";
import { useSignOut } from "./use-sign-out.ts";

export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { user } = useMe();
  const online = useLiveStatus() === "online";
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [changing, password] = useDisclosure();
  const signOut = useSignOut();

  return (
    <>
      <Menu position="right-end" width={240} shadow="md">
        <Menu.Target>
          <UnstyledButton className={rail.button} aria-label={`Account of ${user.name}`}>
            <Person name={user.name} size={28} online={online} hint={online ? "You are online" : "You are offline"} />
            <span className={rail.label}>Account</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.who}>
            <strong>{user.name}</strong>
            <span>{user.email}</span>
          </div>
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
