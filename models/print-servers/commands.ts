/** The commands of an alteration episode: one, or two with a think time between them. */
import {
  DELETE_EPISODE,
  LEVEL_EPISODE,
  PAUSE_DELETE_EPISODE,
  PAUSE_RESUME_EPISODE,
  RESTART_EPISODE,
  WAITING_DELETE_EPISODE,
  WAITING_PAUSE_RESUME_EPISODE,
} from "./workload.ts";

export const PAUSE = 0;
export const RESUME = 1;
export const DELETE = 2;
export const RESTART = 3;
export const LEVEL = 4;

export function hasSecondCommand(episode: number): boolean {
  return (
    episode === PAUSE_DELETE_EPISODE || episode === PAUSE_RESUME_EPISODE || episode === WAITING_PAUSE_RESUME_EPISODE
  );
}

/** The command of an episode at its first step (0) or second step (1). */
export function commandOf(episode: number, step: number): number {
  switch (episode) {
    case DELETE_EPISODE:
    case WAITING_DELETE_EPISODE:
      return DELETE;
    case PAUSE_DELETE_EPISODE:
      return step === 0 ? PAUSE : DELETE;
    case RESTART_EPISODE:
      return RESTART;
    case LEVEL_EPISODE:
      return LEVEL;
    default:
      return step === 0 ? PAUSE : RESUME;
  }
}
