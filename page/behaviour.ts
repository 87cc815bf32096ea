/**
 * The interactive behaviour of a page: charts are drawn, tables are sorted, terms are explained, and the table of
 * contents follows the reader. Without scripts everything can still be read.
 */
import type { ChartGroup } from "./chart.ts";
import type { PlotLibrary } from "./plotting.ts";
import { Figure } from "./figure.ts";
import { numberIn } from "./units.ts";

/** Makes everything below the root interactive. */
export function makeInteractive(root: HTMLElement, plot: PlotLibrary): void {
  const figures = [...root.querySelectorAll<HTMLElement>(".figure")].map((element) => {
    const data = element.querySelector('script[type="application/json"]')!;
    return new Figure(element.querySelector<HTMLElement>(".drawn")!, JSON.parse(data.textContent!) as ChartGroup, plot);
  });
  for (const table of root.querySelectorAll<HTMLTableElement>("table.sortable")) {
    makeStackable(table);
    makeSortable(table);
  }
  explainTerms(root);
  followContents(root);
  openNamed();
  addEventListener("hashchange", openNamed);
  // Details cannot be opened on paper, so they are opened before printing.
  addEventListener("beforeprint", () => {
    for (const details of root.querySelectorAll<HTMLDetailsElement>("details.on-paper")) details.open = true;
    for (const figure of figures) figure.fit(PAPER_WIDTH);
  });
  addEventListener("afterprint", () => {
    for (const figure of figures) figure.fit();
  });
}

/** Charts for paper are drawn this wide and scaled down to the column: fine lines, small letters, as in print [px]. */
const PAPER_WIDTH = 900;

/** A table of more rows stays a table on a phone, and scrolls. */
const STACKED_ROWS_MAX = 12;
const STACKED_COLUMNS_MIN = 3;

/** Gives each cell the name of its column, for phones, where the rows of a short table become cards. */
function makeStackable(table: HTMLTableElement): void {
  const names = [...table.tHead!.rows[0].cells].map(({ textContent }) => textContent ?? "");
  const { rows } = table.tBodies[0];
  if (rows.length > STACKED_ROWS_MAX || names.length < STACKED_COLUMNS_MIN) return;
  table.classList.add("stacks");
  for (const row of rows) [...row.cells].forEach((cell, column) => (cell.dataset.label = names[column]));
}

/** A shorter table needs no sorting. */
const SORTED_ROWS_MIN = 4;

/** Adds a sort button to each column, for ascending and descending order in turn. */
function makeSortable(table: HTMLTableElement): void {
  const [head] = table.tHead!.rows;
  const [body] = table.tBodies;
  if (body.rows.length < SORTED_ROWS_MIN) return;
  [...head.cells].forEach((cell, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.setAttribute("aria-label", `Sort by ${cell.textContent}`);
    button.addEventListener("click", () => {
      const isUp = cell.getAttribute("aria-sort") !== "ascending";
      for (const other of head.cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      table.classList.add("sorted");
      const sign = isUp ? 1 : -1;
      body.append(...[...body.rows].sort((a, b) => sign * order(a, b, column)));
    });
    cell.append(button);
  });
}

/** Compares two rows: by number if both cells begin with one; words come after numbers. */
function order(a: HTMLTableRowElement, b: HTMLTableRowElement, column: number): number {
  const [m, n] = [a, b].map((row) => {
    return numberIn(row.cells[column].textContent!, /\[(\w+)\]/.exec(row.textContent!)?.[1]);
  });
  if (!Number.isNaN(m) && !Number.isNaN(n)) return m - n;
  if (Number.isNaN(m) !== Number.isNaN(n)) return Number.isNaN(m) ? 1 : -1;
  const [x, y] = [a, b].map((row) => row.cells[column].textContent!.trim());
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Explains a term while it is hovered, focused or tapped; a second tap follows the link that a term may have. */
function explainTerms(root: HTMLElement): void {
  const box = document.createElement("div");
  box.className = "meaning";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  root.append(box);
  const hide = () => {
    box.hidden = true;
  };
  for (const term of root.querySelectorAll<HTMLElement>(".term")) {
    const show = () => {
      box.textContent = term.dataset.meaning ?? "";
      box.hidden = false;
      const { left, bottom } = term.getBoundingClientRect();
      const rightmost = document.documentElement.clientWidth - box.offsetWidth - 8;
      box.style.left = `${Math.max(8, Math.min(left, rightmost)) + scrollX}px`;
      box.style.top = `${bottom + scrollY + 6}px`;
    };
    let isTouched = false;
    term.addEventListener("pointerdown", ({ pointerType }) => {
      isTouched = pointerType === "touch" && (box.hidden !== false || box.textContent !== term.dataset.meaning);
    });
    term.addEventListener("click", (event) => {
      if (isTouched) event.preventDefault();
    });
    for (const event of ["pointerenter", "focus", "click"]) term.addEventListener(event, show);
    for (const event of ["pointerleave", "blur"]) term.addEventListener(event, hide);
  }
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
}

/** Opens the section in the address. */
function openNamed(): void {
  const named = document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
}

/** Marks the section being read in the list of contents. */
function followContents(root: HTMLElement): void {
  const links = new Map([...root.querySelectorAll<HTMLAnchorElement>(".contents a")].map((a) => [a.hash.slice(1), a]));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const [id, link] of links) {
          if (id === target.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      }
    },
    { rootMargin: "-15% 0px -75% 0px" },
  );
  for (const id of links.keys()) observer.observe(document.getElementById(id)!);
}
