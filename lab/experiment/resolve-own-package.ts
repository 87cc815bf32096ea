/**
 * A hook of Node's resolver: whatever module imports "spoolsim" gets the program that runs, installed or not.
 *
 * The package resolves its own name from within, by the exports of its package.json; so the hook says that it is this
 * file that asks.
 */

interface Context {
  readonly parentURL?: string | undefined;
}

/** @param next the resolver that would be asked without this hook; what it gives, a promise or not, is handed on */
export function resolve<Resolved>(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved,
): Resolved {
  const isOwn = specifier === "spoolsim" || specifier.startsWith("spoolsim/");
  return next(specifier, isOwn ? { ...context, parentURL: import.meta.url } : context);
}
