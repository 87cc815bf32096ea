/** spoolsim describe: what a model, a spooler, an experiment or a name is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shippedExperiments } from "../../lab/experiment/load.ts";
import { folderForEachTest } from "../support/folders.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

test("describe explains models, spoolers and experiments, and the inputs and outputs of a model", {
  timeout,
}, async () => {
  const overview = await spoolsim(cwd, "describe");
  assert.equal(overview.status, 0);
  for (const name of ["print-servers", "mm1", "sticky-guard", "hold-and-release", ...(await shippedExperiments())]) {
    assert.match(overview.stdout, new RegExp(`^ *${name}\\b`, "m"));
  }
  const model = await spoolsim(cwd, "describe", "print-servers");
  for (const word of ["controlMsMedian", "processorsLeaked", "leaksPerControlEntry", "Q223863"]) {
    assert.ok(model.stdout.includes(word), word);
  }
  const named: Readonly<Record<string, RegExp>> = {
    controlMsMedian: /^Parameter of print-servers\n {2}controlMsMedian \[ms\], default/m,
    processorsLeaked: /^Response of print-servers\n {2}processorsLeaked \[1\], leak\n/m,
    waitUsMean: /^Mean of mm1\n {2}waitUsMean \[us\], waitUs \/ customersStarted\n/m,
    "hotfix-key-sp6": /^Patch order of print-servers\n {2}hotfix-key-sp6\n {6}the hotfix, later UseSoftwareKey/m,
    office: /^Site of print-servers, which sets\n {2}office\n/m,
    buggy: /^Spooler of print-servers\n {2}buggy\n/m,
    q223863: /^Experiment \(spoolsim run q223863\)\n {2}q223863\n/m,
    horizonDays: /^Of every scenario\n {2}horizonDays \[d\]/m,
    jobsPerDay: /jobs submitted to each server on a full working day/,
  };
  for (const [name, text] of Object.entries(named)) {
    const { status, stdout } = await spoolsim(cwd, "describe", name);
    assert.equal(status, 0);
    assert.match(stdout, text);
  }
  for (const { stdout } of [overview, model]) {
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  }
});
