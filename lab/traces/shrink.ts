/**
 * The shortest script with which a server still meets a condition.
 *
 * The draws of the server until it first meets the condition are written as a script (the model's `scripted`). Then
 * everything unnecessary is removed: lines, then settings of the scenario, then items of the remaining lines. Each
 * attempt is a simulation, so the remaining script is sufficient. Anything that scripts do not contain, such as outages
 * of a printer, is still drawn, for server 0 of replication 0.
 *
 * Cost: it stops after EVENTS_MAX simulated events. The script is then sufficient, though perhaps not the shortest. A
 * script of more than LINES_MAX lines is refused.
 */
import { stringify } from "yaml";
import type { Parameters, Settings, Values } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import type { Scripted } from "../../models/contract/narrative.ts";
import { runThrough } from "../../models/barrier.ts";
import { openStreams } from "../../sim/streams.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";
import { extent, resolveScenario, type ResolvedScenario, type Scenario } from "../experiment/scenario.ts";
import { itemAt } from "../lists.ts";
import { days } from "../reports/format.ts";
import { UserError } from "../user-error.ts";
import type { Condition } from "./condition.ts";
import { firstThat, smallestPart } from "./delta-debugging.ts";
import { kernelOf, traceOf, type ServerSelector } from "./trace.ts";

export interface ShrunkScript {
  /** One server that meets the condition at its horizon. */
  readonly scenario: Scenario;
  readonly seed: string;
  /**
   * The steps: those of the reference's events that correspond to lines. The reference handles the same events as the
   * kernel.
   */
  readonly steps: readonly Step[];
  /** The number of lines of the recorded script, and of the shortest. */
  readonly linesBefore: number;
  readonly lines: readonly string[];
  /** Whether no line can be removed, as far as was tried. */
  readonly isShortest: boolean;
  /** The number of scripts tried. */
  readonly simulations: number;
}

export interface Step {
  /** [us] */
  readonly time: number;
  /** What happened, as a sentence without its full stop. */
  readonly sentence: string;
}

/** The default when a file does not give it. */
const SAMPLE_HOURS = extent.sampleEveryHours.default;

const EVENTS_MAX = 20e6;
const LINES_MAX = 200_000;

/**
 * The time at which the server first meets the condition [us], just after the event that made it true; undefined if it
 * does not before `until`.
 */
export function firstTimeOf(selector: ServerSelector, { holds }: Condition, until: number): number | undefined {
  const { simulation, instance, subject } = kernelOf(selector);
  if (instance.controller !== undefined) {
    runThrough(simulation, instance.controller, until);
    instance.observe(until);
    return holds(instance, subject) ? until : undefined;
  }
  while (simulation.step(until)) {
    instance.observe(simulation.now);
    if (holds(instance, subject)) return simulation.now + 1;
  }
  simulation.run(until);
  instance.observe(until);
  return holds(instance, subject) ? until : undefined;
}

/** @throws UserError when the model has no scripts */
export function scriptedOf({ name, scripted }: Model): Scripted {
  if (scripted === undefined) throw new UserError(`${name} has no scripts; only a model that has them can be shrunk`);
  return scripted;
}

/**
 * Finds a shortest script.
 *
 * @param until when the server meets the condition [us], as returned by `firstTimeOf`
 * @throws UserError when the model has no scripts, the script has too many lines, or it alone does not meet the
 *   condition
 */
export async function shortestScript(
  selector: ServerSelector,
  condition: Condition,
  until: number,
): Promise<ShrunkScript> {
  const { model, values } = selector.resolved;
  const scripted = scriptedOf(model);
  const slice = { first: selector.server, count: 1 };
  const lines: string[] = [];
  for (const line of scripted.record(values, openStreams(selector.seed, selector.replication, slice), until)) {
    if (lines.push(line) <= LINES_MAX) continue;
    throw new UserError(
      `server ${selector.server} meets ${condition.text} after ${days(until / US_PER_DAY)}; its script ` +
        `until then has more than ${LINES_MAX} lines, the most that can be shrunk. Let it meet the condition ` +
        "earlier, such as by a lower limit, or give it less to do",
    );
  }
  return new Shrinking(selector, scripted, condition).shrink(lines, until);
}

class Shrinking {
  /** The server of the script, on which scripts are tried. */
  private readonly server: number;
  private readonly selector: ServerSelector;
  private readonly scripted: Scripted;
  private readonly condition: Condition;
  private events: number;
  private simulations: number;

  constructor(selector: ServerSelector, scripted: Scripted, condition: Condition) {
    this.server = selector.server;
    this.selector = { ...selector, replication: 0, server: 0 };
    this.scripted = scripted;
    this.condition = condition;
    this.events = 0;
    this.simulations = 0;
  }

  async shrink(recorded: readonly string[], until: number): Promise<ShrunkScript> {
    let resolved = await this.resolve(this.settings, recorded, until);
    if (resolved === undefined || !this.holds(resolved, recorded, until)) {
      throw new UserError(
        `${this.condition.text} does not follow from the jobs of server ${this.server} alone; ` +
          "other draws for the server, or decisions for its fleet, contribute to it",
      );
    }
    const enough = (part: readonly string[]) => this.holds(resolved!, part, until);
    const isOver = () => this.events >= EVENTS_MAX;
    const needed = new Set(await smallestPart(alikeTogether(recorded), enough, isOver));
    let lines: readonly string[] = recorded.filter((line) => needed.has(line));
    const settings = await smallestPart(Object.entries(this.settings), async (part) => {
      const fewer = await this.resolve(Object.fromEntries(part), lines, until);
      return fewer !== undefined && this.holds(fewer, lines, until);
    });
    resolved = (await this.resolve(Object.fromEntries(settings), lines, until))!;
    lines = await smallestPart(await this.simplified(lines, enough), enough, isOver);
    const isShortest = !isOver();
    const horizon = this.horizon(resolved, lines, until);
    const scenario = this.scenario(Object.fromEntries(settings), lines, horizon);
    const selector = { ...this.selector, resolved: await resolveScenario(scenario) };
    const steps = [...traceOf(selector, horizon)]
      .filter(({ event }) => this.scripted.steps.has(event))
      .map((row) => ({ time: row.time, sentence: this.selector.resolved.model.narrative?.sentence(row) ?? row.event }));
    return {
      scenario,
      seed: selector.seed,
      steps,
      linesBefore: recorded.length,
      lines,
      isShortest,
      simulations: this.simulations,
    };
  }

  /** The settings of the scenario that differ from the model's defaults. */
  private get settings(): Settings {
    const { model, scenario } = this.selector.resolved;
    const entries = Object.entries(scenario.parameters).filter(([name, setting]) => {
      return name !== this.scripted.parameter && setting !== itemAt(model.parameters, name).default;
    });
    return Object.fromEntries(entries);
  }

  private scenario(settings: Settings, lines: readonly string[], until: number): Scenario {
    const parameters = { ...settings, [this.scripted.parameter]: lines.join("\n") };
    const { model } = this.selector.resolved.scenario;
    return { model, servers: 1, horizonDays: until / US_PER_DAY, sampleEveryHours: SAMPLE_HOURS, parameters };
  }

  /**
   * The scenario of one server with these lines; undefined when the settings contradict each other without the others.
   */
  private async resolve(settings: Settings, lines: readonly string[], until: number) {
    try {
      return await resolveScenario(this.scenario(settings, lines, until));
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  private withScript(values: Values<Parameters>, lines: readonly string[]): Values<Parameters> {
    return { ...values, ...({ [this.scripted.parameter]: lines.join("\n") } as Values<Parameters>) };
  }

  /** Whether the server meets the condition at `until` with these lines. */
  private holds(read: ResolvedScenario, lines: readonly string[], until: number): boolean {
    // Without any line, the workload would be drawn at random.
    if (lines.length === 0 || this.events >= EVENTS_MAX) return false;
    const { model, values } = read;
    const resolved = { ...read, values: this.withScript(values, lines) };
    if (model.validate?.(resolved.values, 1) !== undefined) return false;
    const { simulation, instance, subject } = kernelOf({ ...this.selector, resolved });
    runThrough(simulation, instance.controller, until);
    this.events += simulation.eventCount;
    this.simulations++;
    instance.observe(until);
    return this.condition.holds(instance, subject);
  }

  /** Simplifies each line as far as possible. Most become like one before them, which is tried first. */
  private async simplified(
    lines: readonly string[],
    enough: (lines: readonly string[]) => boolean,
  ): Promise<readonly string[]> {
    let kept = lines;
    const simple = new Set<string>();
    for (let i = 0; i < kept.length; i++) {
      for (;;) {
        const line = itemAt(kept, i);
        if (simple.has(line)) break;
        const shorter = [...simple].filter((other) => other.length < line.length);
        const others = [...shorter, ...this.scripted.simpler(line)];
        const simpler = await firstThat(others, (other) => enough(kept.with(i, other)));
        if (simpler === undefined) break;
        kept = kept.with(i, simpler);
      }
      simple.add(itemAt(kept, i));
    }
    return kept;
  }

  /** The new horizon: soon after the condition is first met, rounded to a short number of days if possible. */
  private horizon(resolved: ResolvedScenario, lines: readonly string[], until: number): number {
    const selector = { ...this.selector, resolved: { ...resolved, values: this.withScript(resolved.values, lines) } };
    const first = firstTimeOf(selector, this.condition, until) ?? until;
    const short = Math.round((Math.ceil((first / US_PER_DAY) * 1000) / 1000) * US_PER_DAY);
    return this.holds(resolved, lines, short) ? short : first;
  }
}

/**
 * The lines in the order of their words, whatever the numbers in them; those of fewest words first. Delta debugging
 * removes neighbours together, so it needs few attempts if the lines that matter are neighbours.
 */
function alikeTogether(lines: readonly string[]): readonly string[] {
  const words = new Map(lines.map((line) => [line, line.replace(/=[-+.\d][^ ]*/g, "=")]));
  const compared = (a: string, b: string) => a.length - b.length || (a < b ? -1 : Number(a > b));
  return lines.toSorted((a, b) => compared(words.get(a)!, words.get(b)!));
}

/** An equivalent experiment, as `buildExperiment` takes it. */
export function experimentOfScript({ scenario, seed }: ShrunkScript, { text }: Condition) {
  const { sampleEveryHours: _, ...rest } = scenario;
  return { question: `What is enough for ${text}?`, seed, replications: 1, scenario: rest };
}

/** The same as the text of a YAML file. */
export function experimentYaml(found: ShrunkScript, condition: Condition): string {
  return stringify(experimentOfScript(found, condition), { lineWidth: 0 });
}
