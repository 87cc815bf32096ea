/** lab/experiment/point-selector.ts: design points by their levels. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { findPoint } from "../../../lab/experiment/point-selector.ts";
import { levelsText } from "../../../lab/experiment/design-point.ts";

test("every design point is found by its levels", async () => {
  const experiment = await loadExperiment("q223863");
  const points = await designPoints(experiment);
  assert.equal(points.length, 8);
  for (const point of points) assert.equal((await findPoint(experiment, levelsText(point))).index, point.index);
});

test("an omitted factor has its first level", async () => {
  const experiment = await loadExperiment("q223863");
  assert.equal(levelsText(await findPoint(experiment, "")), "site=office,spooler=buggy");
  assert.equal(levelsText(await findPoint(experiment, "spooler=fixed")), "site=office,spooler=fixed");
  assert.equal(levelsText(await findPoint(experiment, "spooler=fixed,site=mainframe")), "site=mainframe,spooler=fixed");
});

test("an unknown or repeated factor or level is reported with the known ones", async () => {
  const experiment = await loadExperiment("q223863");
  const mistakes = {
    "color=red": /^at color=red: color is not a factor of q223863; its factors: site, spooler$/,
    "site=moon": /^at site=moon: moon is not a level of site; its levels: office, help-desk, .*mainframe$/,
    site: /^at site: levels are written as factor=level,factor=level$/,
    "site=": /^at site=: levels are written as factor=level,factor=level$/,
    "site=office,site=mainframe": /^at .*: site is given twice/,
  };
  for (const [levels, message] of Object.entries(mistakes)) {
    await assert.rejects(findPoint(experiment, levels), { name: "UserError", message });
  }
  const single = { ...(await loadExperiment("mm1")), factors: [] };
  await assert.rejects(findPoint(single, "site=office"), { message: /its factors: none$/ });
});
