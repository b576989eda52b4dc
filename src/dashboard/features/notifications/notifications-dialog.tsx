import { Alert, Button, Group, Modal, Radio, Stack, Switch, TextInput } from "@mantine/core";
import { IconBellOff, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { playChime } from "./chime.ts";
import type { PreferenceStore, Preferences } from "./preferences.ts";
import { usePreferences } from "./use-notifications.ts";

type Props = { store: PreferenceStore; onClose: () => void };

/** How the agent is notified in this browser. A choice counts at once. */
export function NotificationsDialog({ store, onClose }: Props) {
  const preferences = usePreferences(store);
  return (
    <Modal opened onClose={onClose} title="Notifications in this browser">
      <Stack gap={24}>
        <Choice
          label="Notify me of messages in"
          value={preferences.scope}
          onChange={scope => store.change({ scope })}
          choices={{
            "mine-and-unassigned": "My conversations, and those without an assignee",
            mine: "My conversations only",
            all: "All conversations of my websites",
          }}
        />
        <Choice
          label="Sound"
          value={preferences.sound}
          onChange={sound => store.change({ sound })}
          choices={{ once: "Once", repeat: "Every 10 seconds, until an agent has read the message", off: "None" }}
        />
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlayerPlay size={14} />}
          onClick={playChime}
          style={{ alignSelf: "flex-start" }}
        >
          Play the sound
        </Button>
        <Popups store={store} preferences={preferences} />
        <QuietHours store={store} preferences={preferences} />
      </Stack>
    </Modal>
  );
}

type ChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  /** the label of each value */
  choices: Record<Value, string>;
};

function Choice<Value extends string>({ label, value, onChange, choices }: ChoiceProps<Value>) {
  return (
    <Radio.Group label={label} value={value} onChange={next => onChange(next as Value)}>
      <Stack gap={8} mt={8}>
        {Object.entries(choices).map(([choice, meaning]) => (
          <Radio key={choice} value={choice} label={meaning as string} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

type PartProps = { store: PreferenceStore; preferences: Preferences };

function Popups({ store, preferences }: PartProps) {
  const [permission, setPermission] = useState(currentPermission);
  async function choose(hasPopups: boolean) {
    if (hasPopups && permission === "default") setPermission(await Notification.requestPermission());
    store.change({ hasPopups });
  }
  return (
    <div>
      <Switch
        label="Notifications of the browser"
        description="With the visitor's name and the beginning of the message. They disappear when an agent has read it."
        checked={preferences.hasPopups}
        disabled={permission === "unsupported"}
        onChange={event => void choose(event.currentTarget.checked)}
      />
      {permission === "unsupported" && (
        <Blocked>
          Browsers allow them only on pages with HTTPS. Open the dashboard by its https:// address, or ask who runs the
          server.
        </Blocked>
      )}
      {permission === "denied" && preferences.hasPopups && (
        <Blocked>
          This browser blocks them for this page. Allow notifications in the page's settings, beside its address, and
          load the page again.
        </Blocked>
      )}
    </div>
  );
}

const Blocked = ({ children }: { children: string }) => (
  <Alert color="yellow" variant="light" mt={12} icon={<IconBellOff size={16} />}>
    {children}
  </Alert>
);

const currentPermission = () => ("Notification" in window ? Notification.permission : "unsupported");

function QuietHours({ store, preferences: { quietHours } }: PartProps) {
  const change = (patch: Partial<NonNullable<typeof quietHours>>) => {
    const next = { ...(quietHours ?? usualQuietHours), ...patch };
    // A field that is being emptied has no time yet.
    if (next.from && next.until) store.change({ quietHours: next });
  };
  return (
    <div>
      <Switch
        label="Quiet hours"
        description="No sound and no notification at this time of the day, by this device's clock."
        checked={quietHours !== null}
        onChange={event => store.change({ quietHours: event.currentTarget.checked ? usualQuietHours : null })}
      />
      {quietHours && (
        <Group gap={16} mt={12}>
          <TextInput
            type="time"
            label="From"
            value={quietHours.from}
            onChange={event => change({ from: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label="Until"
            value={quietHours.until}
            onChange={event => change({ until: event.currentTarget.value })}
          />
        </Group>
      )}
    </div>
  );
}

const usualQuietHours = { from: "20:00", until: "08:00" };
