/** live/controls.ts: sliders in the ranges of the model, for every experiment that ships. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { controlsOf, positionOf, STEPS, valueAt, type Slider } from "../../live/controls.ts";
import { experimentOf, firstQuestion, questionOf, type Question } from "../../live/question.ts";
import { designPoints } from "../../lab/experiment/design.ts";
import { shippedExperiments } from "../../lab/experiment/load.ts";
import { planResults } from "../../lab/experiment/plan.ts";

async function controls(question: Question) {
  const file = new URL(`../../../experiments/${question.experiment}.yaml`, import.meta.url);
  const text = await readFile(file, "utf8");
  const experiment = experimentOf(question, text);
  const whole = experimentOf({ ...questionOf(question.experiment), quick: false }, text);
  const levels = Object.fromEntries(whole.factors.map(({ name, levels: all }) => [name, all.map((one) => one.name)]));
  const plan = planResults(experiment, await designPoints(experiment));
  return { all: controlsOf(plan, question, levels), text };
}

test("the first question has the article's sliders and a choice of sites", async () => {
  const { all } = await controls(firstQuestion);
  const ids = all.map(({ id }) => id);
  for (const id of [
    "factor-site",
    "jobsPerDay",
    "deleteShare",
    "controlMsMedian",
    "dcsMax",
    "restartGauge",
    "servers",
  ]) {
    assert.ok(ids.includes(id), `${id} is among ${ids.join(", ")}`);
  }
  assert.ok(!ids.includes("spooler"), "what is compared is not turned");
  const jobs = all.find(({ id }) => id === "jobsPerDay") as Slider;
  assert.equal(jobs.value, 2000);
  assert.deepEqual([jobs.min, jobs.max], [100, 20_000]);
});

test("each slider of each built-in experiment covers the parameter's range and asks a valid question", async () => {
  for (const name of await shippedExperiments()) {
    const question = questionOf(name);
    const { all, text } = await controls(question);
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length, name);
    for (const control of all) {
      const values = control.kind === "choice" ? control.choices : [valueAt(control, 0), valueAt(control, STEPS)];
      for (const value of values) experimentOf(control.turn(question, String(value)), text);
      if (control.kind === "choice") assert.ok(control.choices.includes(control.value), `${name}: ${control.id}`);
      else assert.ok(control.min < control.max, `${name}: ${control.id}`);
    }
  }
});

test("a slider's position and its value correspond", async () => {
  const { all } = await controls(firstQuestion);
  for (const slider of all) {
    if (slider.kind !== "slider") continue;
    for (const place of [0, 50, 100, 150, STEPS]) {
      const value = valueAt(slider, place);
      assert.ok(value >= slider.min && value <= slider.max, `${slider.id}: ${value}`);
      const off = Math.abs(positionOf(slider, value) - place);
      assert.ok(slider.isWhole || off <= 6, `${slider.id}: ${value} is at ${place}, and ${off} beside it`);
    }
  }
});
