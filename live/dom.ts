/** Helpers to create and find elements of a page. */

type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** Creates an element with attributes and contents; attributes that are false or undefined are omitted. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...contents: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...contents);
  return made;
}

/** The element with this id. */
export function byId<Found extends HTMLElement = HTMLElement>(id: string): Found {
  return document.getElementById(id) as Found;
}

/** Creates a button with its action. */
export function button(label: string, attributes: Attributes, does: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", does);
  return made;
}

/** Keeps the greatest height that a text has had, so that what is below it stays where it is when it gets shorter. */
export function keepHeight(text: HTMLElement): void {
  text.style.minHeight = `${Math.max(text.offsetHeight, Number.parseFloat(text.style.minHeight) || 0)}px`;
}
