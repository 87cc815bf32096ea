/**
 * zod, configured not to evaluate text. By default it compiles schemas if it can, and finds out by trying, which causes
 * an error in the console of a page whose policy forbids that. The checks here are small. It is imported as a
 * namespace, so that bundles omit unused parts, such as messages in forty languages.
 */
import { config } from "zod";

config({ jitless: true });

export * from "zod";
