import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The rooms whose files take longest: they start first, so that none of them is left alone at the end. */
const slowRooms = [/\/bench\//, /\/test\/faults\//, /\/src\/cli\//, /\/test\/integration\//];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const nth = slowRooms.findIndex(room => room.test(moduleId));
      return nth === -1 ? slowRooms.length : nth;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    environment: "node",
    include: ["{src,lab,bench}/**/*.test.ts", "test/*.test.ts", "test/{integration,faults}/**/*.test.ts"],
    globalSetup: ["lab/clusters/global-setup.ts"],
    sequence: { sequencer: SlowestFirst },
    // Files of a worker share the modules that they import: a quarter less processor time.
    isolate: false,
    // Many tests wait for programs, databases and time; two cores serve three files at once.
    maxWorkers: Math.max(3, availableParallelism()),
    // Tests wait for what must happen; these bounds only end a run that hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
