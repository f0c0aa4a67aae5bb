// What every page can do better with scripts; all of it works without.
"use strict";

document.documentElement.classList.add("has-scripts");

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What went wrong is read out first; a mark that the skip link has left in the address would take the focus instead.
const first = document.querySelector("[data-focus]");
if (first) {
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  first.focus();
}

// A form that is under way is not sent again by an impatient click; the server would do it once in any case.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.sent) {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => delete form.dataset.sent, 5000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What is being mended is not called wrong any more.
document.addEventListener("input", ({ target }) => {
  if (target.getAttribute("aria-invalid") !== "true") return;
  const message = document.getElementById(`${target.id}-error`);
  message?.closest(".usa-form-group--error")?.classList.remove("usa-form-group--error");
  message?.remove();
  target.classList.remove("usa-input--error");
  target.removeAttribute("aria-invalid");
  const others = (target.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== `${target.id}-error`);
  if (others.join("")) target.setAttribute("aria-describedby", others.join(" "));
  else target.removeAttribute("aria-describedby");
});

for (const button of document.querySelectorAll("[data-show-password]")) {
  const input = document.getElementById(button.dataset.showPassword);
  const words = [button.textContent, button.dataset.hide];
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = words[shown ? 0 : 1];
  });
}

// A minute before a visit ends by idling, ask; the server says how long there is, since another tab may be in use.
const timeOut = document.getElementById("time-out");
if (timeOut) {
  const WARN = 60;
  const ask = async () => {
    const answer = await fetch(timeOut.dataset.left);
    return answer.ok ? (await answer.json()).seconds : 0;
  };
  // A step of registering goes on from what stands in its page, which nobody is to read meanwhile.
  const end = () => {
    if (timeOut.dataset.over) {
      location.assign(timeOut.dataset.over);
      return;
    }
    timeOut.classList.add("is-over");
    timeOut.querySelector("[data-ending]").hidden = true;
    timeOut.querySelector("[data-ended]").hidden = false;
    if (!timeOut.open) timeOut.showModal();
  };
  const look = async () => {
    const seconds = await ask().catch(() => WARN + 30);
    if (seconds <= 0) {
      end();
    } else if (seconds <= WARN) {
      if (!timeOut.open) timeOut.showModal();
      setTimeout(look, Math.min(seconds, 5) * 1000);
    } else {
      if (timeOut.open) timeOut.close("elsewhere");
      setTimeout(look, (seconds - WARN) * 1000);
    }
  };
  timeOut.addEventListener("close", () => {
    const elsewhere = timeOut.returnValue === "elsewhere";
    timeOut.returnValue = "";
    if (elsewhere || timeOut.classList.contains("is-over")) return;
    const token = timeOut.querySelector("[name=csrf_token]").value;
    fetch(timeOut.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
  });
  setTimeout(look, 5000);
}
