/**
 * A hook of Node's resolver: a module that imports "spoolsim" gets the running program, whether it is installed or not.
 *
 * The package can resolve its own name by the exports of its package.json, so the hook resolves the import as if this
 * file had made it.
 */

interface Context {
  readonly parentURL?: string | undefined;
}

/** This file, in any program: an import that the hook of another program has made its own is left to it. */
const HOOK = "/lab/experiment/resolve-own-package.js";

/** @param next the resolver that applies without this hook; its result is returned, whether a promise or not */
export function resolve<Resolved>(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved,
): Resolved {
  const isPackage = specifier === "spoolsim" || specifier.startsWith("spoolsim/");
  const isOwn = isPackage && context.parentURL?.endsWith(HOOK) !== true;
  return next(specifier, isOwn ? { ...context, parentURL: import.meta.url } : context);
}
