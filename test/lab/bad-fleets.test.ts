/**
 * Fleets that cannot be: one clear line each, which says where (file, line, column and path), what was said there, and
 * the rule. They are looked at before anything runs; that a mistake ends with exit code 2 and leaves nothing behind is
 * test/cli/refusal.test.ts.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { designPoints } from "../../lab/experiment/design.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";

const folder = mkdtempSync(join(tmpdir(), "spoolsim-fleets-"));
after(() => rmSync(folder, { recursive: true }));

/** Ten servers; the settings begin in line 5, column 5. */
const head = `question: Can it be?
seed: fleets
scenario:
  model: print-servers
  servers: 10
  parameters:
`;

/** The mistake's settings, then perhaps other things; the place that the error names, and its text. */
interface Mistake {
  readonly settings: readonly string[];
  readonly more?: string;
  /** The line of the settings, from 1, in column 5; or line and column of the file. */
  readonly at: number | string;
  readonly says: string;
}

const none = "no server of the fleet can take it";

const mistakes: Readonly<Record<string, Mistake>> = {
  "the hotfix on Service Pack 3": {
    settings: ["servicePack: 3", "hotfixed: true"],
    at: 2,
    says: "hotfixed is true; installHotfix: the hotfix needs Service Pack 4 or later, not 3 (Q225095)",
  },
  "a share of servers with the hotfix where none can have it": {
    settings: ["servicePack: 3", "hotfixedShare: 0.5"],
    at: 2,
    says:
      "hotfixedShare is 0.5; no server of the fleet can have it: " +
      "the hotfix needs Service Pack 4 or later, not 3 (Q225095)",
  },
  "the hotfix on Alpha": {
    settings: ["processor: alpha", "hotfixed: true"],
    at: 2,
    says: "hotfixed is true; installHotfix: the hotfix has no files for Alpha (Q225095)",
  },
  "an order that begins with the hotfix on Service Pack 3": {
    settings: ["servicePack: 3", "patchOrder: hotfix-sp6"],
    at: 2,
    says:
      `patchOrder is hotfix-sp6; ${none}: installHotfix: ` +
      "the hotfix needs Service Pack 4 or later, not 3 (Q225095)",
  },
  "the hotfix over Service Pack 6": {
    settings: ["servicePack: 6", "patchOrder: hotfix"],
    at: 2,
    says:
      `patchOrder is hotfix; ${none}: installHotfix: ` +
      "Hotfix.exe refuses when the service pack, 6, is newer than the hotfix (Q238552)",
  },
  "Service Pack 6a of Terminal Server": {
    settings: ["edition: TSE", "servicePack: 6a"],
    at: 2,
    says: "servicePack is 6a; edition is TSE, which has no Service Pack 6a: its 6 contains it (Q258970)",
  },
  "an order that installs it": {
    settings: ["edition: TSE", "patchOrder: sp6a"],
    at: 2,
    says:
      `patchOrder is sp6a; ${none}: installSp6a: ` +
      "Terminal Server has no Service Pack 6a: its 6 contains it (Q258970)",
  },
  "Terminal Server's Service Pack 6 on Alpha": {
    settings: ["edition: TSE", "processor: alpha", "patchOrder: sp6"],
    at: 3,
    says:
      `patchOrder is sp6; ${none}: installSp6: ` +
      "Terminal Server's Service Pack 6 was made for x86 only (its download page)",
  },
  "an unknown service pack": {
    settings: ["servicePack: 7"],
    at: 1,
    says: "servicePack is 7; one of 3, 4, 5, 6, 6a",
  },
  "an unknown order": {
    settings: ["patchOrder: hotfix-sp7"],
    at: 1,
    says:
      'patchOrder is "hotfix-sp7"; the path of a module, or one of none, hotfix, sp5, sp6, sp6a, key-sp6, ' +
      "hotfix-sp6, hotfix-misnomer-sp6, hotfix-key-sp6, hotfix-sp5; did you mean hotfix-sp6?",
  },
  "shares of service packs beyond 1": {
    settings: ["sp3Share: 0.7", "sp6Share: 0.6"],
    at: 1,
    says: "sp3Share + sp5Share + sp6Share is 1.3; shares of one whole sum to at most 1",
  },
  "a wave larger than the fleet": {
    settings: ["patchOrder: sp6", "waveServers: 50"],
    at: 2,
    says: "waveServers is 50; a wave is no larger than the fleet, which has 10",
  },
  "a wave that is larger than the fleet at one level": {
    settings: ["patchOrder: sp6"],
    more: "factors:\n  waveServers: [2, 20]\n",
    at: "9:20",
    says: "waveServers is 20; a wave is no larger than the fleet, which has 10",
  },
  "a wave of 0 servers": {
    settings: ["waveServers: 2"],
    at: 1,
    says: "waveServers is 2; patchOrder is none, so there is nothing to roll out",
  },
  "waves that name their servers, one of them twice": {
    settings: ["patchOrder: sp6", "waveServers: [1, 2, 2]"],
    at: 2,
    says: "waveServers is [1,2,2]; a number, a text, true or false",
  },
  "a soak of length 0": {
    settings: ["patchOrder: sp6", "waveServers: 5", "soakDays: 0"],
    at: 3,
    says: "soakDays is 0; a number in [0.01, 36600] d",
  },
  "a maintenance window of length 0": {
    settings: ["patchOrder: sp6", "windowHours: 0"],
    at: 2,
    says: "windowHours is 0; a number in [0.1, 24] h",
  },
  "a maintenance window that begins after the day": {
    settings: ["patchOrder: sp6", "windowStartHour: 25"],
    at: 2,
    says: "windowStartHour is 25; a number in [0, 23.999] h",
  },
  "a canary of 0 servers": {
    settings: ["canaryServers: 5"],
    at: 1,
    says: "canaryServers is 5; patchOrder is none, so there is nothing to roll out",
  },
  "half a canary": {
    settings: ["patchOrder: hotfix", "canaryServers: 2.5"],
    at: 2,
    says: "canaryServers is 2.5; a whole number in [0, 1000000]",
  },
  "a judge without a control group": {
    settings: ["patchOrder: hotfix", "canaryServers: 10"],
    at: 2,
    says: "canaryServers is 10; each needs a control as well, and the fleet has 10",
  },
  "a judge with too few canaries to pass any": {
    settings: ["patchOrder: hotfix", "canaryServers: 1"],
    at: 2,
    says: "canaryServers is 1; at a confidence of 0.98 the judge cannot pass fewer than 5",
  },
  "a sequential judge with too few pairs": {
    settings: ["patchOrder: hotfix", "judge: sequential", "canaryServers: 2", "canaryDays: 1"],
    at: 3,
    says: "canaryServers is 2; times canaryDays, 1, that is 2 pairs, and the judge needs 10",
  },
  "a judge with confidence 1": {
    settings: ["patchOrder: hotfix", "canaryServers: 5", "judgeConfidence: 1"],
    at: 3,
    says: "judgeConfidence is 1; a confidence lies between 0 and 1",
  },
  "a roll-out that can never halt": {
    settings: ["patchOrder: sp6", "waveServers: 5", "haltAtLost: 0"],
    at: 3,
    says: "haltAtLost is 0; a whole number in [1, 10000000]",
  },
  "a restart at a threshold of GDI handles": {
    settings: ["restartGauge: gdiHandles", "restartAtGauge: 4000"],
    at: 1,
    says: "restartGauge is gdiHandles; no counter of NT 4.0 shows it: privateBytes, handles or pagedPoolBytes",
  },
  "a threshold that an idle spooler exceeds": {
    settings: ["restartGauge: handles", "restartAtGauge: 100"],
    at: 2,
    says: "restartAtGauge is 100; an idle spooler shows 150 handles, and is not restarted for that",
  },
  "a failover that fails with a share above 1": {
    settings: ["restartKind: failover", "relapseShare: 2"],
    at: 2,
    says: "relapseShare is 2; a share lies in [0, 1]",
  },
  "a negative cost": {
    settings: ["staffMinutesPerVisit: -30"],
    at: 1,
    says: "staffMinutesPerVisit is -30; a number in [0, 100000] min",
  },
  "an unknown related bug": {
    settings: ["Q224354: present"],
    at: 1,
    says: "Q224354 is not a parameter of print-servers; did you mean Q224345?",
  },
  "a fix of a related bug that NT 4.0 never had": {
    settings: ["Q283102: fixed"],
    at: 1,
    says: 'Q283102 is "fixed"; one of absent, present',
  },
};

for (const [mistake, { settings, more = "", at, says }] of Object.entries(mistakes)) {
  test(`refused at its position, with the value and the rule: ${mistake}`, async () => {
    const file = join(folder, "x.yaml");
    writeFileSync(file, `${head}${settings.map((setting) => `    ${setting}\n`).join("")}${more}`);
    const place = typeof at === "number" ? `${6 + at}:5` : at;
    await assert.rejects(
      async () => designPoints(await loadExperiment(file)),
      (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.equal(error.message.replace(/^\S*x\.yaml/, "x.yaml"), `x.yaml:${place} scenario.parameters.${says}`);
        return true;
      },
    );
  });
}
