import { Center, Loader } from "@mantine/core";

/** Shown only when a page's code takes over a second to arrive. */
export const PageLoading = () => (
  <Center h="100%" mih={240}>
    <Loader size="sm" aria-label="Loading" />
  </Center>
);
