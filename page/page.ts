/** The script of a page: brings it to life with the Plot that the page carries. */
import { enliven } from "./behaviour.ts";
import type { PlotLibrary } from "./plotting.ts";

declare const Plot: PlotLibrary;

enliven(document.body, Plot);
