/** The bar between the chat and what is below it: moved by mouse, finger or arrow keys, in both columns at once. */

const LEAST = 15;
const MOST = 75;
const STEP = 5;
const USUAL = 42;

/** Make the bar of a column body work; the height is kept on `shared` as --panel, in percent. */
export function makeSplitter(bar, body, shared, signal) {
  const set = (percent) => {
    const value = Math.round(Math.min(MOST, Math.max(LEAST, percent)));
    shared.style.setProperty("--panel", `${value}%`);
    for (const each of shared.querySelectorAll(".splitter")) each.setAttribute("aria-valuenow", value);
  };
  const now = () => Number(bar.getAttribute("aria-valuenow"));
  bar.setAttribute("aria-valuenow", parseInt(getComputedStyle(shared).getPropertyValue("--panel"), 10) || USUAL);

  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
    bar.focus({ preventScroll: true });
  }, { signal });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const { bottom, height } = body.getBoundingClientRect();
    set(((bottom - event.clientY) / height) * 100);
  }, { signal });
  bar.addEventListener("dblclick", () => set(USUAL), { signal });
  bar.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: now() + STEP, ArrowDown: now() - STEP, Home: MOST, End: LEAST, Enter: USUAL };
    if (!(event.key in steps)) return;
    event.preventDefault();
    set(steps[event.key]);
  }, { signal });
}
