// Says so when the page could not ask for news, and keeps the keyboard's place when a button it stood on is gone.
(() => {
  "use strict";
  const PATIENCE = 6000;
  let heardAt = Date.now();
  let row = null;

  const stale = () => document.getElementById("stale");

  const heard = () => {
    heardAt = Date.now();
    const note = stale();
    if (note && !note.hidden) note.hidden = true;
  };

  const missed = () => {
    const note = stale();
    if (!note || !note.hidden || Date.now() - heardAt < PATIENCE) return;
    const words = note.querySelector("[data-words]");
    const language = document.documentElement.lang;
    const time = new Date(heardAt).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
    words.textContent = words.dataset.words.replace("{time}", time);
    note.hidden = false;
  };

  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail.ctx.response.status;
    if (status < 400) heard();
    else missed();
  });
  document.addEventListener("htmx:error", missed);

  document.addEventListener("htmx:before:swap", () => {
    row = document.activeElement?.closest?.("[id^='c-'], #number")?.id ?? null;
  });
  document.addEventListener("htmx:after:swap", () => {
    const lost = !document.activeElement || document.activeElement === document.body;
    if (row && lost) document.getElementById(row)?.querySelector("button, .button")?.focus();
  });
})();
