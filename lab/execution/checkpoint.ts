/**
 * The checkpoint of a run: a file beside its entry in the cache, from which a killed run continues.
 *
 * It contains a snapshot of the current slice and the results so far. It is labelled with the key of the entry, which
 * covers everything that determines the result. A file is either complete or absent. A damaged file, or that of another
 * run, is not used, and the run starts again. The times of checkpoints change no byte of any result.
 */
import { readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Snapshot, SnapshotRefused } from "../../sim/snapshot.ts";
import { makeFolder, obstacleOf, writeWhole } from "../whole-file.ts";
import type { Plan } from "../experiment/plan.ts";
import { refuseHiddenState, type SliceSimulator } from "./slice-simulator.ts";
import type { Run, RunSaver, SavedSlice } from "./run.ts";

/** Added to the file name of the entry. */
export const CHECKPOINT = ".checkpoint";

/** The aim for the time between two looks at the clock [ms]. The first window is a share of the whole time. */
const WINDOW_MS_MIN = 50;
const WINDOW_MS_MAX = 500;
const WINDOWS_AT_FIRST = 100;

/** @throws UserError that says what to add to a model whose state cannot be saved */
export function refuseUnsavable({ points }: Plan): void {
  for (const { resolved } of points) refuseHiddenState(resolved.model);
}

export class Checkpoint implements RunSaver {
  /** What happened to the checkpoint, in a few words; undefined when there is nothing to report. */
  note: string | undefined;
  private readonly path: string;
  private readonly key: string;
  private readonly everyMs: number;
  private writtenAt: number;
  private lookedAt: number;
  /** The length of a window [us]. */
  private window: number;

  private constructor(path: string, key: string, everySeconds: number) {
    this.path = path;
    this.key = key;
    this.everyMs = 1000 * everySeconds;
    this.writtenAt = performance.now();
    this.lookedAt = this.writtenAt;
    this.window = 0;
    this.note = undefined;
  }

  /** The checkpoint of the run, if it is to have one. */
  static of({ entry, checkpointSeconds }: Run): Checkpoint | undefined {
    if (entry === undefined || checkpointSeconds === undefined) return undefined;
    return new Checkpoint(entry.path + CHECKPOINT, entry.key, checkpointSeconds);
  }

  /** Returns the slice to resume; undefined when there is no checkpoint, or it is damaged. */
  async read(): Promise<SavedSlice | undefined> {
    const file = await readFile(this.path).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const snapshot = new Snapshot(new Uint8Array(file).buffer);
      const { key, at, size } = snapshot.label;
      if (key !== this.key) throw new SnapshotRefused("it is of another run");
      this.note = "it went on from its checkpoint";
      return { at: Number(at), size: Number(size), snapshot };
    } catch (error) {
      if (!(error instanceof SnapshotRefused)) throw error;
      this.note = `its checkpoint was not used (${error.message}), and it began anew`;
      return undefined;
    }
  }

  /** The simulated time at which to look at the clock again [us]. */
  windowEnd(now: number, horizon: number): number {
    this.window ||= Math.ceil(horizon / WINDOWS_AT_FIRST);
    return now + this.window;
  }

  /** Called between two windows: saves the slice being simulated, and `beside`, if a checkpoint is due. */
  async look(simulator: SliceSimulator, state: Omit<SavedSlice, "snapshot">, beside: object): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt < Math.min(WINDOW_MS_MIN, this.everyMs)) this.window *= 2;
    else if (now - this.lookedAt > WINDOW_MS_MAX) this.window = Math.ceil(this.window / 2);
    if (now - this.writtenAt >= this.everyMs) {
      await this.write(simulator, state, beside);
      this.writtenAt = performance.now();
    }
    this.lookedAt = performance.now();
  }

  private async write(
    simulator: SliceSimulator,
    { at, size }: Omit<SavedSlice, "snapshot">,
    beside: object,
  ): Promise<void> {
    const bytes = simulator.save({ key: this.key, at, size }, beside);
    try {
      await makeFolder(dirname(this.path));
      await writeWhole(this.path, new Uint8Array(bytes), { isDisposable: true });
    } catch (error) {
      this.note = `its checkpoint cannot be written: ${obstacleOf(error)}`;
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
