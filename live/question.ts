/**
 * A question to the page: an experiment, a seed and the changed settings. It appears in three equivalent forms: in the
 * address after the #, as options of an experiment, and as the command that prints the same digest.
 */
import { withOverrides } from "../lab/experiment/override.ts";
import { readExperiment } from "../lab/experiment/read.ts";
import type { Experiment } from "../lab/experiment/experiment.ts";

export interface Question {
  /** The name of a built-in experiment. */
  readonly experiment: string;
  readonly quick: boolean;
  /** As typed; if omitted, the experiment's own. */
  readonly seed?: string | undefined;
  readonly replications?: string | undefined;
  readonly servers?: string | undefined;
  /** By factor: its only level. */
  readonly only: Readonly<Record<string, string>>;
  /** By setting: its value. */
  readonly set: Readonly<Record<string, string>>;
}

const NUMBERS = ["seed", "replications", "servers"] as const;

/** The question of a first visit: one site for a week. */
export const firstQuestion: Question = {
  experiment: "q223863",
  quick: false,
  only: { site: "office" },
  set: { horizonDays: "7", sampleEveryHours: "6" },
};

/** The initial question about an experiment: its quick version, unchanged. */
export function questionOf(experiment: string): Question {
  return { experiment, quick: true, only: {}, set: {} };
}

/** The fragment of the address, after the #. */
export function addressOf({ experiment, quick, only, set, ...texts }: Question): string {
  const words = new URLSearchParams({ experiment });
  if (quick) words.set("quick", "yes");
  for (const name of NUMBERS) if (texts[name] !== undefined) words.set(name, texts[name]);
  for (const [name, level] of Object.entries(only)) words.append("only", `${name}=${level}`);
  for (const [path, value] of Object.entries(set)) words.append("set", `${path}=${value}`);
  return words.toString();
}

/** Parses the question in an address; undefined if there is none. */
export function readAddress(address: string): Question | undefined {
  const words = new URLSearchParams(address.replace(/^#/, ""));
  const experiment = words.get("experiment");
  if (experiment === null) return undefined;
  const pairs = (name: string) =>
    Object.fromEntries(
      words.getAll(name).map((pair) => {
        const equals = pair.indexOf("=");
        return [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)];
      }),
    );
  const texts = NUMBERS.map((name) => [name, words.get(name)]).filter(([, text]) => text !== null);
  return {
    experiment,
    quick: words.get("quick") === "yes",
    ...(Object.fromEntries(texts) as Pick<Question, (typeof NUMBERS)[number]>),
    only: pairs("only"),
    set: pairs("set"),
  };
}

/** The experiment for a question. @param text the text of its file @throws UserError */
export function experimentOf({ experiment, quick, seed, replications, servers, only, set }: Question, text: string) {
  const words = (pairs: Readonly<Record<string, string>>) => Object.entries(pairs).map(([name, is]) => `${name}=${is}`);
  const whole = readExperiment(experiment, text);
  // A page simulates a fixed number of replications; stopping rules are for the command line.
  const most = whole.until === undefined ? undefined : String(whole.until.min);
  const wanted = replications ?? (quick && whole.quick.replications !== undefined ? undefined : most);
  const derived: Experiment = withOverrides(whole, {
    ...{ quick, only: words(only), set: words(set), seed },
    ...(wanted === undefined ? {} : { replications: Number(wanted) }),
    ...(servers === undefined ? {} : { servers: Number(servers) }),
  });
  return derived;
}

/** The command that gives the same digest. */
export function commandOf(question: Question, { replications }: Pick<Experiment, "replications">): string {
  const { experiment, quick, seed, servers, only, set } = question;
  const words = ["spoolsim", "run", experiment];
  if (quick) words.push("--quick");
  else words.push("--replications", String(replications));
  if (quick && question.replications !== undefined) words.push("--replications", question.replications);
  if (seed !== undefined) words.push("--seed", quoted(seed));
  if (servers !== undefined) words.push("--servers", quoted(servers));
  for (const [name, level] of Object.entries(only)) words.push("--only", quoted(`${name}=${level}`));
  for (const [path, value] of Object.entries(set)) words.push("--set", quoted(`${path}=${value}`));
  return words.join(" ");
}

/** Quotes a word for a shell. */
function quoted(word: string): string {
  return /^[\w=.,/:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
