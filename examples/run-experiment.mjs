/** An experiment that a program describes, runs and reads: mean waits of a queue, with intervals and closed forms. */
import { buildExperiment, runInMemory } from "spoolsim/lab";

const experiment = buildExperiment("load", {
  question: "How long do customers wait, the busier the server is?",
  seed: 1,
  replications: 10,
  scenario: { model: "mm1", horizonDays: 1 },
  factors: { arrivalsPerSecond: [0.5, 0.8] },
});

const { tables, findings } = await runInMemory(experiment, { workers: 2 });
for (const row of tables.means.filter(({ mean }) => mean === "waitUsMean")) {
  const [mean, lower, upper, exact] = [row.value, row.lower, row.upper, row.closedForm].map((us) =>
    (us / 1e6).toFixed(2),
  );
  console.log(`load ${row.arrivalsPerSecond}: ${mean} s (${lower} .. ${upper}), closed form ${exact} s`);
}
console.log(`digest ${findings.digest}`);
