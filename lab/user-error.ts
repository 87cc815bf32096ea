/** A mistake of the user's, told in one line that names the place, the value and the rule; the command exits with 2. */
export class UserError extends Error {
  override readonly name = "UserError";
}
