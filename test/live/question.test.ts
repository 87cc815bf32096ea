/** live/question.ts: an address, the experiment that it asks for, and the command that it is the same as. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFile } from "node:fs/promises";
import { addressOf, commandOf, experimentOf, firstQuestion, questionOf, readAddress } from "../../live/question.ts";
import type { Question } from "../../live/question.ts";

const text = (name: string) => readFile(new URL(`../../../experiments/${name}.yaml`, import.meta.url), "utf8");

const question: Question = {
  experiment: "q223863",
  quick: true,
  seed: "a & b=c",
  servers: "3",
  only: { site: "office" },
  set: { deleteShare: "0.1", horizonDays: "2" },
};

test("an address encodes the question, whatever characters it has", () => {
  assert.deepEqual(readAddress(`#${addressOf(question)}`), question);
  assert.deepEqual(readAddress(addressOf(firstQuestion)), firstQuestion);
  assert.equal(readAddress("#one-server"), undefined);
});

test("an experiment has the requested changes, and the command shows them", async () => {
  const whole = { ...question, quick: false };
  const experiment = experimentOf(whole, await text("q223863"));
  assert.equal(experiment.seed, "a & b=c");
  assert.equal(experiment.scenario.servers, 3);
  assert.equal(experiment.scenario.horizonDays, 2);
  assert.deepEqual(
    experiment.factors.find(({ name }) => name === "site")!.levels.map(({ name }) => name),
    ["office"],
  );
  assert.equal(
    commandOf(whole, experiment),
    "spoolsim run q223863 --replications 8 --seed 'a & b=c' --servers 3 --only site=office " +
      "--set deleteShare=0.1 --set horizonDays=2",
  );
  assert.equal(commandOf(questionOf("mm1"), experiment), "spoolsim run mm1 --quick");
});

test("an experiment with a stopping rule ends with a number of replications", async () => {
  const until = "replications: {min: 3, max: 9, until: {response: waitUsMean, relativeHalfWidth: 0.5}}";
  const own = `question: q\nseed: 1\n${until}\nscenario: {model: mm1, horizonDays: 0.01}\n`;
  const experiment = experimentOf({ ...questionOf("own"), quick: false }, own);
  assert.equal(experiment.until, undefined);
  assert.equal(experiment.replications, 3);
});

test("an invalid setting is reported in the words of the command", async () => {
  const wrong = { ...question, only: { site: "moon" } };
  assert.throws(() => experimentOf(wrong, "question: q\nseed: 1\nscenario: {model: mm1}\n"), /only site=moon/);
});
