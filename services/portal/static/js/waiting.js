// Counts down until something may be asked for again. Without this the page says how long, and the server keeps to it.
"use strict";

for (const line of document.querySelectorAll("[data-wait]")) {
  const button = line.closest("form").querySelector("[data-waits]");
  const until = Date.now() + Number(line.dataset.wait) * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    line.hidden = left <= 0;
    if (left <= 0) return;
    line.querySelector("[data-clock]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    window.setTimeout(tick, 1000);
  };
  tick();
}
