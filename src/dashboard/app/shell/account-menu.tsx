import { Menu, UnstyledButton, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell, IconCheck, IconKey, IconKeyboard, IconLogout } from "@tabler/icons-react";
import { useId } from "react";
import { useMe } from "#dashboard/data/me.ts";
import { useLiveStatus, useOwnAvailability } from "#dashboard/live/live-provider.tsx";
import { Person } from "#dashboard/ui/person.tsx";
import type { ToldAvailability } from "#protocol/agents.ts";
import classes from "./account-menu.module.css";
import { PasswordDialog } from "./password-dialog.tsx";
import rail from "./rail.module.css";
import { useSignOut } from "./use-sign-out.ts";

type Props = { onShortcuts: () => void; onNotifications: () => void };

export function AccountMenu({ onShortcuts, onNotifications }: Props) {
  const { user } = useMe();
  const isConnected = useLiveStatus() === "online";
  const { chosen, now, choose } = useOwnAvailability();
  const availability = isConnected ? now : "offline";
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [changing, password] = useDisclosure();
  const signOut = useSignOut();

  return (
    <>
      <Menu position="right-end" width={240} shadow="md" checkIcon={<IconCheck size={16} />}>
        <Menu.Target>
          <UnstyledButton className={rail.button}>
            <span aria-hidden="true">
              <Person name={user.name} size={28} availability={availability} hint={null} />
            </span>
            <span className={rail.label}>
              Account<VisuallyHidden>{` of ${user.name}, ${availability}`}</VisuallyHidden>
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.user}>
            <strong>{user.name}</strong>
            <span>{user.email}</span>
          </div>
          <Choices
            name="Availability"
            meaning="While no agent is online, visitors are asked to leave a message. After 10 minutes without input you are away."
            value={chosen}
            onChange={value => choose(value as ToldAvailability)}
            choices={{ online: "Online", away: "Away" }}
          />
          <Choices
            name="Theme"
            value={colorScheme}
            onChange={value => setColorScheme(value as typeof colorScheme)}
            choices={{ light: "Light", dark: "Dark", auto: "As this device" }}
          />
          <Menu.Item leftSection={<IconBell size={16} />} onClick={onNotifications}>
            Notifications
          </Menu.Item>
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

type ChoicesProps = {
  name: string;
  meaning?: string;
  value: string;
  onChange: (value: string) => void;
  /** the label of each value */
  choices: Record<string, string>;
};

/** One of a few, in a menu, which stays open. */
function Choices({ name, meaning, value, onChange, choices }: ChoicesProps) {
  const meaningId = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" aria-label={name} aria-describedby={meaning && meaningId}>
      <Menu.Label aria-hidden="true">{name}</Menu.Label>
      <Menu.RadioGroup value={value} onChange={onChange}>
        {Object.entries(choices).map(([choice, label]) => (
          <Menu.RadioItem key={choice} value={choice}>
            {label}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      {meaning && (
        <p id={meaningId} className={classes.meaning}>
          {meaning}
        </p>
      )}
      <Menu.Divider />
    </div>
  );
}
