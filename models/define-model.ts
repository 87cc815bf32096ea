/** Type helpers for your own model or spooler. */
import type { Parameters } from "./contract/parameters.ts";
import type { Model } from "./model.ts";
import type { Spooler } from "./print-servers/spoolers/spooler.ts";

/**
 * Returns the model unchanged. `values` has the type of the parameters, in TypeScript and in an editor that checks
 * JavaScript.
 *
 * @example
 * export default defineModel({
 *   name: "ticks",
 *   meaning: "servers that tick",
 *   kinds: ["TICK"],
 *   parameters: {
 *     gapUs: { kind: "number", unit: "us", default: 10, min: 1, max: 1e9, meaning: "of ticks", source: "example" },
 *   },
 *   responses: [{ name: "ticks", unit: "1", role: "count", meaning: "ticks so far" }],
 *   create({ gapUs }, { count }) {
 *     const ticks = new Float64Array(count);
 *     return {
 *       columns: [ticks],
 *       start(schedule) {
 *         for (let server = 0; server < count; server++) schedule.after(gapUs, 0, server, 0);
 *       },
 *       handle(_kind, server, _object, schedule) {
 *         ticks[server]++;
 *         schedule.after(gapUs, 0, server, 0);
 *       },
 *       observe() {},
 *       check() {},
 *     };
 *   },
 * });
 */
export function defineModel<const P extends Parameters>(model: Model<P>): Model {
  // A model is typed by its own parameters; the lab provides values from their descriptions.
  return model as unknown as Model;
}

/**
 * Returns the spooler unchanged, with its types.
 *
 * @example
 * export default defineSpooler({ ...buggy, name: "mine", meaning: "as buggy, by another name" });
 */
export function defineSpooler(spooler: Spooler): Spooler {
  return spooler;
}
