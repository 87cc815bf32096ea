/** How a model is drawn: the story of a leak, timelines, and the scene of a server between two events. */
import type { Time } from "../../sim/event-list.ts";
import type { TraceEvent } from "./reference.ts";

/** Whether something works, waits, is in danger, or is lost for good. */
export type Tone = "busy" | "waiting" | "alert" | "lost";

/** A story as a picture: a lane for each thing, and marks at the decisive times. */
export interface StoryPicture {
  readonly lanes: readonly Lane[];
  readonly marks: readonly { readonly at: Time; readonly label: string; readonly tone: Tone }[];
}

/** What one thing does over time. */
export interface Lane {
  readonly name: string;
  readonly spans: readonly LaneSpan[];
}

export interface LaneSpan {
  readonly from: Time;
  /** Infinity if it does not end. */
  readonly to: Time;
  readonly label: string;
  readonly tone: Tone;
  /** Something can go wrong in this span: it is shaded across all lanes. */
  readonly isWindow?: true;
}

/** A change that an event made to a timeline. A timeline draws changes in their order. */
export type Drawn =
  /** What a thread does from now on; undefined: nothing. Threads are numbered from 0 in the order of display. */
  | { readonly thread: number; readonly name: string; readonly does: string | undefined }
  /**
   * When the activity of a thread blocks, and on what: at a time that may be in the future; null: it no longer does.
   */
  | { readonly thread: number; readonly blocked: string; readonly at: Time | null }
  /** The state of a thing; "": nothing notable; undefined: it is gone. `about` is shown at its start. */
  | {
      readonly track: string;
      readonly id: string;
      readonly is: string | undefined;
      readonly about: Readonly<Record<string, unknown>>;
    };

/** Follows one server through the events of the reference. */
export interface Timeline {
  /** The name of thread 0. */
  readonly main: string;
  read(event: TraceEvent): readonly Drawn[];
}

/** A server between two events, drawn for a reader who steps through them. */
export interface Scene {
  readonly groups: readonly SceneGroup[];
  readonly gauges: readonly SceneGauge[];
  readonly code: SceneCode;
}

/** Things of one sort. */
export interface SceneGroup {
  readonly heading: string;
  readonly things: readonly SceneThing[];
  /** The text if there are none. */
  readonly none: string;
}

export interface SceneThing {
  readonly name: string;
  readonly does: string;
  readonly tone: Tone;
}

export interface SceneGauge {
  readonly label: string;
  readonly value: number;
  /** The level at which the resource has run out. */
  readonly ceiling?: number;
}

/** The code of the part that is shown, and the lines that the last event ran. */
export interface SceneCode {
  readonly title: string;
  readonly lines: readonly string[];
  /** Indices of the lines that ran. */
  readonly ran: readonly number[];
}

/** A setting that the live page offers, and its range. */
export interface Control {
  /** The parameter, which gives the unit and the meaning. */
  readonly parameter: string;
  /** A few words: "jobs a day". */
  readonly label: string;
  /** The useful range of a number, within the range of the parameter. */
  readonly min?: number;
  readonly max?: number;
  /** Of a positive number: equal steps are equal factors. */
  readonly isLogarithmic?: true;
  /** Shown at first; the others are behind "more". */
  readonly isMain?: true;
}

/** What the model is about, in two or three sentences for a newcomer, and where to read more. */
export interface Background {
  readonly text: string;
  readonly links: readonly { readonly title: string; readonly href: string }[];
}
