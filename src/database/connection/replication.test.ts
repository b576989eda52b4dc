import { expect, inject, test } from "vitest";
import { createRole } from "#lab/clusters/schemas.ts";
import { connectForReplication } from "./replication.ts";

test("a connection for replication takes its commands", async () => {
  const client = await connectForReplication(inject("postgresUrl"));
  const { rows } = await client.query("IDENTIFY_SYSTEM");
  expect(rows).toEqual([expect.objectContaining({ systemid: expect.stringMatching(/^\d+$/), timeline: "1" })]);
  await client.end();
});

test("a role that may not replicate is refused in one line", async () => {
  const url = await createRole(inject("postgresUrl"), "without_replication", "");
  await expect(connectForReplication(url)).rejects.toMatchObject({
    code: "database_refused",
    message: expect.stringMatching(/alter role "without_replication" replication;$/),
  });
});
