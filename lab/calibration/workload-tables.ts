/** The workload of the worlds as tables: what a log of jobs says of it, or what somebody said, and how well it fits. */
import { counted, significant } from "../reports/format.ts";
import type { SummaryTable } from "../reports/summary-table.ts";
import { afterNumber } from "../reports/units.ts";
import { itemAt } from "../lists.ts";
import { valueText } from "./job-log.ts";
import type { Observation } from "./observation.ts";

export interface WorkloadTables {
  /** The origin, in sentences. */
  readonly sentence: string;
  readonly parameters: SummaryTable;
  /** Without rows if there is no log. */
  readonly fits: SummaryTable;
}

/** Undefined if the model does not describe a workload. */
export function workloadTables({ point, workload, facts }: Observation): WorkloadTables | undefined {
  const { model } = point.resolved;
  const logged = workload?.parameters ?? [];
  const others = (model.calibration?.facts ?? []).filter((name) => {
    return facts.includes(name) && !logged.some(({ parameter }) => parameter === name);
  });
  const rows = [
    ...logged.map(({ parameter, unit, value, lower, upper, from }) => {
      const interval = Number.isNaN(lower) ? "" : `${significant(lower)} .. ${significant(upper)}`;
      return [parameter, from, `${valueText(value)}${afterNumber(unit)}`, interval];
    }),
    ...others.flatMap((name) => {
      const { [name]: parameter } = model.parameters;
      const value = valueText(itemAt(point.scenario.parameters, name));
      const unit = parameter !== undefined && "unit" in parameter ? parameter.unit : "1";
      return value === "" ? [] : [[name, "as set, or the model's default", `${value}${afterNumber(unit)}`, ""]];
    }),
  ];
  if (rows.length === 0) return undefined;
  const fits = (workload?.fits ?? []).map(({ what, measure, value, limit, pValue }) => {
    const chance = Number.isNaN(pValue) ? "" : pValue < 0.001 ? "< 0.001" : significant(pValue);
    return [what, measure, value <= limit ? "fits" : "does not fit", significant(value), chance];
  });
  return {
    sentence: sentenceOf(workload),
    parameters: { head: ["parameter", "from", "value", "95 % interval"], texts: 2, rows, legend: [] },
    fits: { head: ["law of the model", "measure", "", "value", "p"], texts: 3, rows: fits, legend: [] },
  };
}

function sentenceOf(workload: Observation["workload"]): string {
  if (workload === undefined) {
    return "No job log was imported, so the number of jobs was not observed.";
  }
  const { jobs, servers, serverDays, notes } = workload;
  const of = servers === 1 ? "a server" : `${servers} servers`;
  const more = notes.map((note) => ` ${note[0]?.toUpperCase()}${note.slice(1)}.`).join("");
  return `The workload comes from ${counted(jobs, "job")} of ${of} in ${significant(serverDays)} server-days, and stays fixed.${more}`;
}
