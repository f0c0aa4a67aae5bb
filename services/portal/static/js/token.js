// Takes the code of a message from behind the "#" of the address, which no server sees, into its field.
"use strict";

const field = document.querySelector("[data-from-address]");
const token = window.location.hash.slice(1);
if (field && token && !field.value) {
  field.value = token;
  window.history.replaceState(null, "", window.location.pathname);
}
