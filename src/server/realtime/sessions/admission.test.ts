import fc from "fast-check";
import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";

const wanted = () => true;
const turn = () => new Promise(setImmediate);

test("hellos are admitted in order, and never more than the max run at once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (fails, maxRunning) => {
        const { admit } = createAdmission({ maxRunning });
        const begun: number[] = [];
        let working = 0;
        const outcomes = fails.map((fail, i) =>
          admit(wanted, async () => {
            begun.push(i);
            expect(++working).toBeLessThanOrEqual(maxRunning);
            await turn();
            working--;
            if (fail) throw new Error("refused");
            return i;
          }),
        );
        const settled = await Promise.allSettled(outcomes);
        expect(settled.map(({ status }) => status === "rejected")).toEqual(fails);
        expect(begun).toEqual(fails.map((_, i) => i));
      },
    ),
  );
});

test("beyond the max hellos are refused with a retry delay, and closed connections are skipped", async () => {
  const { admit } = createAdmission({ maxRunning: 1, maxWaiting: 2 });
  let finish = () => {};
  const first = admit(wanted, () => new Promise<void>(resolve => (finish = resolve)));
  let isHere = true;
  const gone = admit(
    () => isHere,
    async () => expect.unreachable(),
  );
  const last = admit(wanted, async () => "session");
  const overloaded = { code: "overloaded", details: { retryAfterMs: expect.any(Number) } };
  await expect(admit(wanted, async () => undefined)).rejects.toMatchObject(overloaded);
  isHere = false;
  await turn();
  finish();
  await first;
  await expect(gone).rejects.toMatchObject(overloaded);
  expect(await last).toBe("session");
});

test("a hello that has waited too long is refused", async () => {
  const { admit } = createAdmission({ maxRunning: 1, maxWaitMs: -1 });
  await expect(admit(wanted, async () => "late")).rejects.toMatchObject({ code: "overloaded" });
});
