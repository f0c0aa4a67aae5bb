// Enters what stands behind # in a message's link, and takes it out of the address, where it could be read later.
"use strict";

const field = document.querySelector("[data-from-address]");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  field.closest("[data-typed]").hidden = true;
  history.replaceState(null, "", location.pathname + location.search);
}
