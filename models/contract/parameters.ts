/** How a model describes its parameters, and the values that scenarios give to them. */

interface Described {
  /** What the parameter means: a phrase without its name. */
  readonly meaning: string;
  /**
   * Where the default comes from: an article or a document; "assumption: why" if nobody has measured it; "decision" if
   * people choose it; "fact of the fleet" if everyone knows it of the own fleet.
   */
  readonly source: string;
}

/** A number in [min, max]. */
export interface NumberParameter extends Described {
  readonly kind: "number";
  /** The unit; "1" for a pure number or a share. */
  readonly unit: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Only whole numbers are allowed. */
  readonly whole?: true;
  /** The range of likely values if nobody has measured it. [min, max] is often too wide for that. */
  readonly plausible?: readonly [number, number];
}

/** One of a list of words. */
export interface ChoiceParameter<Choice extends string = string> extends Described {
  readonly kind: "choice";
  readonly default: Choice;
  readonly choices: readonly Choice[];
}

/**
 * A list of numbers in [min, max], written as text with blanks between them: "0.1 0.2". The empty text is no number.
 */
export interface ListParameter extends Described {
  readonly kind: "list";
  readonly unit: string;
  readonly default: string;
  readonly min: number;
  readonly max: number;
  /** The allowed lengths of the list. */
  readonly lengths: readonly number[];
}

/** On or off. */
export interface SwitchParameter extends Described {
  readonly kind: "switch";
  readonly default: boolean;
}

/**
 * A replaceable part of the model: a name from the catalogue, or the path of a module whose default export is a part.
 */
export interface PartParameter<Part = unknown> extends Described {
  readonly kind: "part";
  readonly default: string;
  readonly catalogue: Readonly<Record<string, Part>>;
  /** Says what is wrong with the export of a user's module; undefined if nothing is. */
  readonly validate: (part: unknown) => string | undefined;
}

/** Free text, which the model's `validate` checks. */
export interface TextParameter extends Described {
  readonly kind: "text";
  readonly default: string;
  /** The syntax in a few words: "a job a line". */
  readonly rule: string;
}

export type Parameter =
  | NumberParameter
  | ChoiceParameter
  | ListParameter
  | SwitchParameter
  | PartParameter
  | TextParameter;
export type Parameters = Readonly<Record<string, Parameter>>;

/** The value of a parameter as a scenario states it: plain JSON. */
export type Setting = number | string | boolean;
export type Settings = Readonly<Record<string, Setting>>;

/** The values with which an instance is created: settings and defaults, with parts in place of their names. */
export type Values<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends NumberParameter
    ? number
    : P[Name] extends ChoiceParameter<infer Choice>
      ? Choice
      : P[Name] extends ListParameter
        ? readonly number[]
        : P[Name] extends SwitchParameter
          ? boolean
          : P[Name] extends PartParameter<infer Part>
            ? Part
            : P[Name] extends TextParameter
              ? string
              : never;
};
