import { expect, test } from "./chat.ts";

test("two admins at the settings at the same moment: each saves only what they have changed", async ({
  chat,
  website,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second", "admin");
  const path = `/w/${website.id}/settings`;
  const [mine, theirs] = [await signedIn(chat.owner, path), await signedIn(ben, path)];
  for (const page of [mine, theirs]) await expect(page.getByLabel("Greeting")).not.toHaveValue("");
  const save = async (page: typeof mine) => {
    await page.getByRole("button", { name: "Save settings" }).click();
    await expect(page.getByText("The settings are saved.")).toBeVisible();
  };
  await theirs.getByLabel("Reply time").fill("Within a day.");
  await theirs.getByLabel("Allowed origins").fill("https://Bücher.example:443/, https://shop.example");
  await save(theirs);
  await expect(theirs.getByLabel("Allowed origins")).toHaveValue("https://xn--bcher-kva.example\nhttps://shop.example");

  await mine.getByLabel("Greeting").fill("Good morning");
  await save(mine);
  await expect(mine.getByLabel("Reply time")).toHaveValue("Within a day.");
  expect(await chat.owner.api("GET", `/websites/${website.id}`)).toMatchObject({
    name: website.name,
    allowedOrigins: ["https://xn--bcher-kva.example", "https://shop.example"],
    settings: { colour: website.settings.colour, greeting: "Good morning", replyTime: "Within a day." },
  });
});
