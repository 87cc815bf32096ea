/**
 * The summaries of a fleet: how fast each response rises, how unevenly, and how much it varies within a day.
 *
 * A gauge rises and falls with the work, while leaked resources stay. So a gauge is summarized by the lowest reading of
 * each block (a day): the mean rise from block to block is its leak rate; the scatter of the rises increases with the
 * size of single leaks; and the mean reading above the lowest one is what the work itself holds. For a running total,
 * the rise and its scatter suffice. Only blocks of the same process are compared, and only cells with readings.
 */
import type { Response } from "../../models/contract/responses.ts";
import { itemAt } from "../lists.ts";
import { gridOf, type SeenServer } from "./observation.ts";

const HOURS_PER_DAY = 24;

export interface Summary {
  /** "handles, rise per day". */
  readonly name: string;
  readonly unit: string;
}

/** The meanings of the numbers of `summariesOf`, in order. */
export function summaryNames(responses: readonly Response[]): readonly Summary[] {
  return responses.flatMap(({ name, unit, role, now }) => [
    { name: `${name}, rise`, unit: `${unit}/d` },
    { name: `${name}, scatter of the rise`, unit },
    ...(isLevel({ role, now }) ? [{ name: `${name}, swing`, unit }] : []),
  ]);
}

export function summariesOf(
  servers: readonly SeenServer[],
  responses: readonly Response[],
  horizonDays: number,
): Float64Array {
  const { stepHours, blockCells } = gridOf(horizonDays);
  const blockDays = (stepHours * blockCells) / HOURS_PER_DAY;
  return Float64Array.from(
    responses.flatMap((response, r) => {
      const level = isLevel(response);
      const blocks = servers.map(({ readings, cuts }) => blocksOf(itemAt(readings, r), cuts, blockCells, level));
      const steps = blocks.flatMap((own) => stepsOf(own));
      const span = steps.reduce((sum, { blocks: apart }) => sum + apart, 0);
      const rise = span === 0 ? 0 : steps.reduce((sum, step) => sum + step.rise, 0) / span;
      const rests = steps.map((step) => (step.rise - rise * step.blocks) / Math.sqrt(step.blocks));
      const squares = rests.reduce((sum, rest) => sum + rest * rest, 0);
      const scatter = steps.length === 0 ? 0 : Math.sqrt(squares / steps.length);
      if (!level) return [rise / blockDays, scatter];
      const heights = blocks.flat().map(({ mean, value }) => mean - value);
      return [
        rise / blockDays,
        scatter,
        heights.reduce((sum, height) => sum + height, 0) / Math.max(1, heights.length),
      ];
    }),
  );
}

/** Whether the response is a level (a gauge or a current count), rather than a running total. */
export function isLevel({ role, now }: { readonly role: Response["role"]; readonly now?: true | undefined }): boolean {
  return role === "gauge" || now === true;
}

interface Block {
  readonly number: number;
  /** The number of the process, from 0. */
  readonly process: number;
  /** The lowest reading of a level, or the last of a total. */
  readonly value: number;
  readonly mean: number;
}

/** The readings by block; a block in which a process started is divided in two. */
function blocksOf(readings: Float64Array, cuts: Uint8Array, blockCells: number, level: boolean): Block[] {
  const blocks: Block[] = [];
  let process = 0;
  let [count, total, value] = [0, 0, NaN];
  const end = (cell: number) => {
    if (count > 0) blocks.push({ number: Math.floor((cell - 1) / blockCells), process, value, mean: total / count });
    [count, total, value] = [0, 0, NaN];
  };
  for (let cell = 0; cell < readings.length; cell++) {
    if (cell % blockCells === 0 || cuts[cell] === 1) end(cell);
    process += itemAt(cuts, cell);
    const reading = itemAt(readings, cell);
    if (Number.isNaN(reading)) continue;
    count++;
    total += reading;
    value = level && value <= reading ? value : reading;
  }
  end(readings.length);
  return blocks;
}

/** The changes between consecutive blocks of the same process. */
function stepsOf(blocks: readonly Block[]): { rise: number; blocks: number }[] {
  const steps: { rise: number; blocks: number }[] = [];
  for (const [i, before] of blocks.slice(0, -1).entries()) {
    const after = itemAt(blocks, i + 1);
    const apart = after.number - before.number;
    if (after.process === before.process && apart > 0) steps.push({ rise: after.value - before.value, blocks: apart });
  }
  return steps;
}
