/**
 * Lets the modules of a thread import "spoolsim" by name, wherever they are. Importing this file does that, once per
 * thread: before a user's module is imported, and with `node --import` for a user's test.
 */
import module from "node:module";
import { resolve } from "./resolve-own-package.ts";

/** Node 22.15 and newer run hooks on the same thread; older versions need register(). */
const { registerHooks } = module as { registerHooks?: (hooks: { readonly resolve: typeof resolve }) => void };
if (registerHooks !== undefined) registerHooks({ resolve });
else module.register("./resolve-own-package.js", import.meta.url);
