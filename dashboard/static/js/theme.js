// Light or dark as chosen on this device. Runs before the first paint, so that nothing flashes.
(() => {
  "use strict";
  const KEY = "phoneline-colours";
  const root = document.documentElement;

  const read = () => {
    try {
      return localStorage.getItem(KEY) || "";
    } catch {
      return "";
    }
  };

  const apply = (choice) => {
    if (choice) root.dataset.theme = choice;
    else delete root.dataset.theme;
  };

  apply(read());
  document.addEventListener("DOMContentLoaded", () => {
    const field = document.querySelector("[data-theme-switch]");
    if (!field) return;
    field.value = read();
    field.addEventListener("change", () => {
      try {
        localStorage.setItem(KEY, field.value);
      } catch {
        // Not kept, but it holds on this page.
      }
      apply(field.value);
    });
  });
})();
