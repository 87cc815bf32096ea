/**
 * A mistake of the user's, reported in one line that names the place, the value and the rule; the command exits with 2.
 */

/** The name of an argument in a message; a command writes it as its option is called. */
export interface Argument {
  readonly argument: string;
}

export function argument(name: string): Argument {
  return { argument: name };
}

/** A text in pieces, some of which name arguments. */
export type Wording = readonly (string | Argument)[];

export class UserError extends Error {
  override readonly name = "UserError";
  readonly wording: Wording;

  constructor(...wording: Wording) {
    super(wordingText(wording));
    this.wording = wording;
  }
}

/** @param nameOf how an argument is called */
export function wordingText(wording: Wording, nameOf = (name: string) => name): string {
  return wording.map((piece) => (typeof piece === "string" ? piece : nameOf(piece.argument))).join("");
}

/** The error of an argument whose value breaks a rule: "at site=moon: moon is not a level of site". */
export function badArgument(name: string, value: string, rule: string): UserError {
  return new UserError(argument(name), ` ${value}: ${rule}`);
}
