import { CloseButton, Loader, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { limits } from "#protocol/limits.ts";

type Props = {
  text: string;
  /** what to write instead */
  mistake: string | null;
  isBusy: boolean;
  onChange: (text: string) => void;
  onSubmit: () => void;
};

export const SearchField = ({ text, mistake, isBusy, onChange, onSubmit }: Props) => (
  <form
    onSubmit={event => {
      event.preventDefault();
      onSubmit();
    }}
  >
    <TextInput
      type="search"
      size="md"
      aria-label="Search messages and people"
      placeholder="Words, “a phrase”, or is:open"
      maxLength={limits.searchLength}
      autoComplete="off"
      data-autofocus
      autoFocus
      value={text}
      error={mistake}
      onChange={event => onChange(event.currentTarget.value)}
      leftSection={isBusy ? <Loader size={16} aria-hidden /> : <IconSearch size={20} stroke={1.5} />}
      rightSection={text && <CloseButton aria-label="Clear the search" onClick={() => onChange("")} />}
    />
  </form>
);
