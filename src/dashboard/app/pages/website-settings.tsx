import { useWebsite } from "#dashboard/data/me.ts";
import { SettingsPage } from "#dashboard/features/settings/settings-page.tsx";
import { DeleteWebsite } from "#dashboard/features/trash/delete-website.tsx";

/** A website's settings, with what trash adds to them: features do not know one another. */
export function WebsiteSettings() {
  const website = useWebsite();
  return (
    <>
      <SettingsPage />
      <DeleteWebsite key={website.id} website={website} />
    </>
  );
}
