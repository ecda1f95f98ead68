// Says what is new and urgent, to whoever hears the page; and, where somebody switched it on, with a soft tone.
(() => {
  "use strict";
  const KEY = "phoneline-sound";
  const NOTES = [[587, 0], [784, 0.22]];
  const LOUD = 0.08;
  let audio = null;
  let known = new Set();

  const urgent = () =>
    new Map([...document.querySelectorAll("[data-urgent]")].map((one) => [one.dataset.urgent, one.dataset.says]));

  const wanted = () => {
    try {
      return localStorage.getItem(KEY) === "on";
    } catch {
      return false;
    }
  };

  const ready = () => {
    audio ??= new AudioContext();
    // A browser plays nothing before somebody has pressed something on the page.
    return audio.state === "suspended" ? audio.resume() : Promise.resolve();
  };

  const play = async () => {
    await ready();
    for (const [pitch, after] of NOTES) {
      const begins = audio.currentTime + after;
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0, begins);
      loud.gain.linearRampToValueAtTime(LOUD, begins + 0.04);
      loud.gain.exponentialRampToValueAtTime(0.0001, begins + 0.5);
      tone.connect(loud).connect(audio.destination);
      tone.start(begins);
      tone.stop(begins + 0.55);
    }
    document.body.dataset.played = Number(document.body.dataset.played || 0) + 1;
  };

  const look = () => {
    const now = urgent();
    const fresh = [...now].filter(([id]) => !known.has(id)).map(([, says]) => says);
    known = new Set(now.keys());
    const region = document.getElementById("urgent");
    if (!fresh.length || !region) return;
    region.textContent = fresh.join(". ");
    if (wanted()) play();
  };

  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("DOMContentLoaded", () => {
    known = new Set(urgent().keys());
    const field = document.querySelector("[data-sound-switch]");
    if (!field) return;
    field.closest("[hidden]").hidden = false;
    field.checked = wanted();
    if (field.checked) document.addEventListener("pointerdown", ready, { once: true });
    field.addEventListener("change", () => {
      try {
        localStorage.setItem(KEY, field.checked ? "on" : "off");
      } catch {
        // Not kept: then there is no sound.
      }
      if (field.checked) play();
    });
  });
})();
