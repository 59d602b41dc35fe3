"use strict";
// Codes pasted from letters and tables carry blanks and full-width characters: they are taken out at once.
document.addEventListener("paste", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.matches("[data-code]")) return;
  setTimeout(() => {
    field.value = field.value.normalize("NFKC").replace(/[\s\p{Cf}\p{Cc}]+/gu, "").toUpperCase();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
