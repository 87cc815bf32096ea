/** The bug in a few sentences for a newcomer, and the terms that reports explain. */
import type { Model } from "../model.ts";
import type { Background } from "../contract/pictures.ts";

const ARTICLES = "https://jeffpar.github.io/kbarchive/kb";

export const background: Background = {
  text:
    "The Windows NT 4.0 spooler opens a print processor for each job and closes it afterwards. If somebody deletes or " +
    "pauses the job at the wrong moment, the spooler skips the close, and the print processor stays open until the " +
    "spooler restarts. It keeps memory, handles and, if the job is TEXT or EMF, a printer DC. Once a server has no " +
    "printer DC left, TEXT jobs look spooled but never print.",
  links: [{ title: "KB Q223863", href: `${ARTICLES}/223/Q223863/` }],
};

/** Terms that an administrator of today may not know. */
export const terms: NonNullable<Model["terms"]> = {
  "print processor": {
    meaning:
      "The part of the spooler that converts a job's data for the printer. An instance is opened for each job and " +
      "should be closed after it; an instance that is never closed is the leak.",
    href: `${ARTICLES}/223/Q223863/`,
  },
  alteration:
    "A command that changes a job, such as delete or pause. If the job is printing, the command enters the job's print " +
    "processor, and is inside until that call returns.",
  "printer DC":
    "Printer device context: the graphics object that TEXT and EMF pages are drawn on. A leaked print processor of such " +
    "a job keeps one. When none is left, TEXT jobs look spooled and never print.",
  "GDI handle": "A handle of a graphics object such as a font or a bitmap. Windows has a limited number of them.",
  "private bytes": "Memory that only the spooler's process can use: the counter that administrators watch.",
  "paged pool": "Memory of the Windows kernel, limited in size, that graphics objects use as well.",
  "nonpaged pool": "Memory of the Windows kernel that always stays in RAM; when it runs out, the server stops serving.",
  handle: "A number that a process uses for something that Windows keeps for it, such as a file or a pipe.",
  starved: "A job that cannot print because no printer DC is available. NT 4.0 logs nothing.",
  mainframe: "A site that prints mostly TEXT jobs, as business systems of the time did.",
};
