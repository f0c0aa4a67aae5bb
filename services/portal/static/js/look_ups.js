// An answer that comes while a button is held down waits: what it adds would push the button away from under the
// pointer, and the click would be lost.
"use strict";

let isPressed = false;
const waiting = [];

document.addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    isPressed = false;
    // A finger's tap becomes a click a moment after it is lifted.
    window.setTimeout(() => {
      while (!isPressed && waiting.length) waiting.shift()();
    }, 100);
  }, true);
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!isPressed || !detail.shouldSwap) return;
  detail.shouldSwap = false;
  waiting.push(() => htmx.swap(detail.target, detail.serverResponse, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 }));
});
