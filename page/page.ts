/** The script of a page: starts its behaviour with the copy of Plot that the page contains. */
import { makeInteractive } from "./behaviour.ts";
import type { PlotLibrary } from "./plotting.ts";

declare const Plot: PlotLibrary;

makeInteractive(document.body, Plot);
