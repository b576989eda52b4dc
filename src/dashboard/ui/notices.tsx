import { useMediaQuery } from "@mantine/hooks";
import { Notifications } from "@mantine/notifications";

/** Short messages, where they cover neither the composer nor the thread. */
export function Notices() {
  const phone = useMediaQuery("(max-width: 48em)");
  return <Notifications position={phone ? "top-center" : "bottom-left"} containerWidth={380} autoClose={6_000} />;
}
