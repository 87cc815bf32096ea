/**
 * manifest.json: what was simulated, by which program, on which machine, and the hash of every resulting file.
 *
 * It is the only file of a result that contains times and facts about a machine. Its identity distinguishes results: a
 * hash of everything that determines the bytes of the other files (lab/identity.ts).
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replayCommand, type DesignPoint } from "../experiment/design-point.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { Plan } from "../experiment/plan.ts";
import { identityOf, scenarioIdentity, type ModuleFile, type UserModules } from "../identity.ts";
import { modulePath } from "../experiment/modules.ts";
import { noteModulesOf } from "../experiment/trust.ts";
import { programVersion } from "../program.ts";
import { parseJson } from "../read-json.ts";
import { refuseNoFolder, refuseUnreadable, unreadableText } from "../read-text.ts";
import { UserError } from "../user-error.ts";
import { manifestSchema } from "./manifest-schema.ts";

/**
 * The page made from the folder. It is not among the manifest's files, because it quotes the manifest and may be made
 * again at any time.
 */
export const REPORT_FILE = "report.html";

export interface Manifest extends RunSummary {
  readonly program: "spoolsim";
  readonly version: string;
  /** 64 hexadecimal digits; see resultsIdentity. */
  readonly identity: string;
  /** With the overrides applied, without source positions. */
  readonly experiment: Experiment;
  /** With every setting given. */
  readonly points: readonly DesignPoint[];
  /** The files of the user's modules that were executed. */
  readonly modules?: readonly ModuleFile[] | undefined;
  /** All files except the manifest. */
  readonly files: readonly WrittenFile[];
  /** Version of Node. */
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly elapsedSeconds: number;
}

/** What is known only after the simulation. */
export interface RunSummary {
  /** The command line. */
  readonly command: string;
  /** The number of events of all runs. */
  readonly events: number;
  /** The sum of the digests of all runs, as digestText formats it. */
  readonly digest: string;
  readonly workers: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The commit of the program's repository, if known. */
  readonly commit?: string | undefined;
}

export interface WrittenFile {
  /** Relative to the results folder. */
  readonly path: string;
  /** Size [bytes]. */
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Rows of a table, without its header. */
  readonly rows?: number | undefined;
}

/** The hash of everything that determines the bytes of the tables and of datapackage.json. */
export function resultsIdentity({ experiment, points }: Plan, version: string, modules: UserModules): string {
  const { name, question, seed, compare, fleet } = experiment;
  // The number of replications follows from the rest, and the scenarios contain what the levels set.
  const replications = experiment.until ?? experiment.replications;
  const factors = experiment.factors.map(({ name, levels }) => [name, levels.map((level) => level.name)]);
  const scenarios = points.map(({ levels, scenario }) => [levels, scenarioIdentity(scenario, modules)]);
  const replayed = replayCommand(points[0], 0);
  return identityOf({ version, name, question, seed, replications, factors, compare, fleet, scenarios, replayed });
}

/**
 * Reads a manifest. It may come from anyone, so nothing that it names is executed, and its modules may run later only
 * with the user's consent.
 *
 * @throws UserError when the folder has no manifest of this program, or a damaged one
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, "manifest.json");
  const json = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && existsSync(join(folder, "datapackage.json"))) {
      throw new UserError(
        `${folder} holds tables without a manifest.json, as the reference results do, which npm test compares; ` +
          "this needs results with their manifest, as spoolsim run writes them",
      );
    }
    refuseNoFolder(folder, "spoolsim run");
    return refuseUnreadable(error, `${folder} holds no results: its manifest.json`);
  });
  const head = headOf(json);
  if (head?.program !== "spoolsim") {
    throw new UserError(
      `${folder} holds no results of spoolsim: its manifest.json is damaged, or another program wrote it`,
    );
  }
  try {
    const manifest = parseJson(file, json, manifestSchema) as unknown as Manifest;
    const { experiment, points } = manifest;
    noteModulesOf(folder, experiment.folder, [experiment, points], (text) => modulePath.test(text));
    return manifest;
  } catch (error) {
    if (typeof head.version !== "string" || head.version === programVersion) throw error;
    throw new UserError(`${folder} cannot be read: ${otherVersion({ version: head.version, commit: head.commit })}`);
  }
}

/** What to do about results of another version, in words. */
export function otherVersion({ version, commit }: { readonly version: string; readonly commit?: unknown }): string {
  const at = /^[0-9a-f]{7,40}/.exec(String(commit))?.[0];
  const how = at === undefined ? "" : `; git checkout ${at} in a clone of spoolsim gives that version`;
  return `written by version ${version}; this is ${programVersion}${how}`;
}

function headOf(json: string): Partial<Record<"program" | "version" | "commit", unknown>> | undefined {
  try {
    return (JSON.parse(json) ?? undefined) as Partial<Record<"program" | "version" | "commit", unknown>> | undefined;
  } catch {
    return undefined;
  }
}

/** Returns one line for each file that is missing or differs from the manifest. */
export async function verifyHashes(folder: string, { files }: Manifest): Promise<string[]> {
  const faults: string[] = [];
  for (const { path, sha256 } of files) {
    const fault = await hashOf(join(folder, path)).then(
      (actual) => (actual === sha256 ? undefined : `has sha256 ${actual}; manifest.json says ${sha256}`),
      (error: unknown) => `${unreadableText(error)}; manifest.json names it`,
    );
    if (fault !== undefined) faults.push(`${path} ${fault}`);
  }
  return faults;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest("hex");
}
