/** The controls as a form: sliders and choices, each with its value beside it. */
import { positionOf, STEPS, valueAt, type Choice, type Control, type Slider } from "./controls.ts";
import { element } from "./dom.ts";

/**
 * Shows the controls. If they are already there, only their values change, so that a drag can continue.
 *
 * @param onTurn called when a control is set to a value
 */
export function showControls(
  container: HTMLElement,
  controls: readonly Control[],
  onTurn: (control: Control, value: string) => void,
): void {
  const there = [...container.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")];
  if (controls.length > 0 && controls.map(({ id }) => id).join() === there.map(({ id }) => id).join()) {
    for (const [i, input] of there.entries()) if (input !== document.activeElement) setValue(input, controls[i]!);
    return;
  }
  container.replaceChildren(
    ...controls.map((control) => {
      const onChange = (value: string) => onTurn(control, value);
      const input = control.kind === "slider" ? sliderOf(control, onChange) : choiceOf(control, onChange);
      return element("label", { class: "control", title: control.meaning }, control.label, input);
    }),
  );
}

function setValue(input: HTMLInputElement | HTMLSelectElement, control: Control): void {
  if (control.kind === "choice") {
    input.value = control.value;
    return;
  }
  input.value = String(positionOf(control, control.value));
  const text = valueText(control, control.value);
  input.setAttribute("aria-valuetext", text);
  input.parentElement!.querySelector("output")!.textContent = text;
}

function valueText({ unit }: Slider, value: number): string {
  return `${value}${unit === "1" || unit.startsWith("1/") ? "" : ` ${unit}`}`;
}

function sliderOf(slider: Slider, onChange: (value: string) => void): HTMLElement {
  const { id, value } = slider;
  const text = (number: number) => valueText(slider, number);
  const shown = element("output", { for: id }, text(value));
  const input = element("input", { id, type: "range", min: "0", max: String(STEPS), "aria-valuetext": text(value) });
  input.value = String(positionOf(slider, value));
  const now = () => valueAt(slider, Number(input.value));
  input.addEventListener("input", () => {
    shown.textContent = text(now());
    input.setAttribute("aria-valuetext", text(now()));
    onChange(String(now()));
  });
  return element("span", { class: "slider" }, input, shown);
}

function choiceOf({ id, choices, value }: Choice, onChange: (value: string) => void): HTMLElement {
  const select = element("select", { id }, ...choices.map((choice) => element("option", { value: choice }, choice)));
  select.value = value;
  select.addEventListener("change", () => onChange(select.value));
  return select;
}
