/**
 * zod, set up not to evaluate text. It compiles the check of a shape where it may, and finds out by trying; in a page
 * whose policy forbids that, to try is an error in its console. What is checked here is small. It is imported as a
 * namespace, so that a bundle leaves out what nobody uses, for example the messages in forty languages.
 */
import { config } from "zod";

config({ jitless: true });

export * from "zod";
