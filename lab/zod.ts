/**
 * zod, set up not to evaluate text. It compiles the check of a shape where it may, and finds out by trying; in a page
 * whose policy forbids that, to try is an error in its console. What is checked here is small.
 */
import { z } from "zod";

z.config({ jitless: true });

export { z };
