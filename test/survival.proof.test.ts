/**
 * Nothing is lost: runs that are killed at random moments and run again come to the same bytes, with nothing beside;
 * and damaged results folders, mutated experiment files and mutated command lines are reported in one line.
 *
 * `npm run prove -- survival` is a sample of a minute; SURVIVAL=full in the environment asks for all of it. A worker
 * thread that ends is in test/lab/execution/thread-runner.test.ts; workers of a queue and its database, which are
 * killed, in test/lab/execution/run-queue.test.ts.
 */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { damagedFolders, random } from "./cases/damage.ts";
import { mutatedCommandLines, mutatedExperiments } from "./cases/hostile-input.ts";
import { spoolsimAlone, start } from "./support/spoolsim.ts";
import { textsOf } from "./support/texts.ts";

const [KILLS, FOLDERS, EXPERIMENTS, LINES] =
  process.env.SURVIVAL === "full" ? [200, 20_000, 79_520, 480] : [24, 900, 900, 16];

const experiments = [
  ["run", "mm1", "--quick", "--out", "o", "--force", "--workers", "1"],
  ["run", "mm1", "--quick", "--seed", "2", "--set", "horizonDays=0.02", "--out", "o", "--force", "--workers", "2"],
] as const;

const isTable = (name: string) =>
  name !== "manifest.json" && !/^(?:report\.html|\.report\.html\.partial-.*)$/.test(name);

test(`${KILLS} kills at random times lose and duplicate nothing`, async (context) => {
  const cwd = await mkdtemp(join(tmpdir(), "spoolsim-survival-"));
  try {
    const wholes: Record<string, string>[] = [];
    let milliseconds = 0;
    for (const words of experiments) {
      const at = performance.now();
      assert.equal((await spoolsimAlone(cwd, ...words, "--no-cache")).status, 0);
      milliseconds = Math.max(milliseconds, performance.now() - at);
      wholes.push(await textsOf(join(cwd, "o")));
    }
    const next = random(1);
    let tries = 0;
    for (let kill = 0; kill < KILLS; tries++) {
      const which = Math.floor(next() * 2);
      const signal = (["SIGKILL", "SIGTERM", "SIGINT"] as const)[Math.floor(next() * 3)];
      const { child, ended } = start(cwd, experiments[which]);
      await setTimeout(next() * milliseconds);
      child.kill(signal);
      const { status, stderr } = await ended;
      assert.ok([0, null, 130, 143].includes(status), `${signal}: ${status} ${stderr}`);
      // A signal that came too late killed nothing; the next one is sent sooner.
      if (status === 0) milliseconds *= 0.95;
      else kill++;
      // What is there is whole: the results of before, of now, or, between the two, none.
      // A report is made after the tables, under a hidden name that the next run removes.
      const tables = await textsOf(join(cwd, "o"), isTable).catch(() => undefined);
      if (tables !== undefined) {
        const others = wholes.map((whole) => Object.keys(tables).filter((name) => whole[name] !== tables[name]));
        assert.ok(
          others.some((names) => names.length === 0),
          `kill ${kill} (${signal}) left a mixture: ${others.join(" or ")}`,
        );
      }
      if (tries % 4 === 3) {
        assert.equal((await spoolsimAlone(cwd, ...experiments[which])).status, 0);
        const found = await textsOf(join(cwd, "o"));
        const names = Object.keys({ ...found, ...wholes[which] });
        const other = names.filter((name) => found[name] !== wholes[which][name]);
        assert.deepEqual(other, [], `after kill ${kill}`);
        assert.deepEqual((await readdir(cwd)).sort(), ["o", "results"]);
      }
    }
    context.diagnostic(`${KILLS} of ${tries} signals met a run that had not ended`);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
});

test(`${FOLDERS} damaged folders are each either read or reported in one line`, () => damagedFolders(FOLDERS));

test(`${EXPERIMENTS} mutated experiment files are each either loaded or reported in one line`, () =>
  mutatedExperiments(EXPERIMENTS));

test(`${LINES} mutated command lines each end with one line and a documented exit code`, () =>
  mutatedCommandLines(LINES));
