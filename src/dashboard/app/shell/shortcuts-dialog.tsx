import { Kbd, Modal, Table } from "@mantine/core";
import { shortcuts } from "#dashboard/ui/shortcuts.ts";

export const ShortcutsDialog = ({ opened, onClose }: { opened: boolean; onClose: () => void }) => (
  <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts">
    <Table>
      <Table.Tbody>
        {shortcuts.map(([key, what]) => (
          <Table.Tr key={key}>
            <Table.Td w={96}>
              <Kbd>{key}</Kbd>
            </Table.Td>
            <Table.Td>{what}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Modal>
);
