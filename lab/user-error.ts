/**
 * A mistake of the user's, reported in one line that names the place, the value and the rule; the command exits with 2.
 */

/** The name of an argument in a message; a command prints it as the name of its option. */
export interface Argument {
  readonly argument: string;
}

export function argument(name: string): Argument {
  return { argument: name };
}

/** A text in pieces; some pieces name arguments. */
export type Wording = readonly (string | Argument)[];

export class UserError extends Error {
  override readonly name = "UserError";
  readonly wording: Wording;

  constructor(...wording: Wording) {
    super(wordingText(wording));
    this.wording = wording;
  }
}

/** @param nameOf gives the printed name of an argument */
export function wordingText(wording: Wording, nameOf = (name: string) => name): string {
  return wording.map((piece) => (typeof piece === "string" ? piece : nameOf(piece.argument))).join("");
}

/** An error for an argument whose value breaks a rule: "at site=moon: moon is not a level of site". */
export function badArgument(name: string, value: string, rule: string): UserError {
  return new UserError(argument(name), ` ${value}: ${rule}`);
}
