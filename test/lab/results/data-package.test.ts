/** lab/results/data-package.ts */
import assert from "node:assert/strict";
import { test } from "node:test";
import { integer, table, text } from "../../../lab/results/csv.ts";
import { dataPackage } from "../../../lab/results/data-package.ts";
import { experiment } from "../../support/fake-results.ts";

test("a data package describes every column of every table", () => {
  const waits = table<number>("waits", "a wait", [
    text("queue", "name of the queue", () => ""),
    integer("waitUs", "us", "time waited", (wait) => wait),
  ]);
  const file = { path: "waits.csv", bytes: 12, sha256: "ab", rows: 1 };
  assert.deepEqual(dataPackage(experiment, [{ table: waits, file }]), {
    profile: "tabular-data-package",
    name: "fake-small",
    title: "Fake, small",
    description: "Does it add up?",
    resources: [
      {
        profile: "tabular-data-resource",
        name: "waits",
        path: "waits.csv",
        description: "One row: a wait.",
        format: "csv",
        mediatype: "text/csv",
        encoding: "utf-8",
        bytes: 12,
        hash: "sha256:ab",
        dialect: { lineTerminator: "\n" },
        schema: {
          fields: [
            { name: "queue", type: "string", description: "name of the queue" },
            { name: "waitUs", type: "integer", unit: "us", description: "time waited" },
          ],
          missingValues: [""],
        },
      },
    ],
  });
});
