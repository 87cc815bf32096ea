/**
 * HTML as text. Values in a template html`...` are escaped, unless they are HTML already; lists are joined, and
 * undefined gives nothing.
 */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | undefined | readonly Content[];

/** @example html`<p>${"a < b"}</p>`.text // "<p>a &lt; b</p>" */
export function html(pieces: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(pieces.map((piece, i) => (i === 0 ? piece : textOf(contents[i - 1]) + piece)).join(""));
}

function textOf(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.text;
  return typeof content === "object" ? content.map(textOf).join("\n") : escaped(String(content));
}

/** Escapes the characters that have a meaning in HTML. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
