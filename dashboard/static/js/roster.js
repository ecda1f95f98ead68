// The roster as blocks: shown by EventCalendar, moved by mouse, touch or keyboard, each change asked of the line.
// Times are the line's wall clock, whatever zone the device is in.
(() => {
  "use strict";
  const root = document.getElementById("calendar");
  if (!root || !("EventCalendar" in window)) return;

  const LOCALE = { en: "en-GB", fr: "fr-CA", es: "es-MX" }[document.documentElement.lang];
  const STEP = 15 * 60 * 1000;
  const DAY = 24 * 60 * 60 * 1000;
  const mayChange = "mayChange" in root.dataset;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const reply = document.getElementById("reply");
  const which = document.getElementById("which");
  let calendar = null;
  let fed = () => {}; // called when the blocks have come
  let moving = null; // what the keyboard has moved and nobody has kept yet: {id, start, end} as it was

  const two = (number) => String(number).padStart(2, "0");
  const wall = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
  const clock = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
  const said = (event) =>
    `${event.extendedProps.who}, ${event.start.toLocaleDateString(LOCALE, { weekday: "long", day: "numeric", month: "long" })} ${root.dataset.span.replace("{starts}", clock(event.start)).replace("{ends}", clock(event.end))}`;
  const later = (at, by) => new Date(at.getTime() + by);

  function tell(words, { undo = "", refused = false } = {}) {
    reply.hidden = false;
    reply.classList.toggle("refused", refused);
    reply.textContent = words;
    if (!undo) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = root.dataset.undo;
    button.addEventListener("click", async () => {
      const answer = await ask(undo, {});
      tell(answer.told, { refused: !answer.ok });
      if (answer.ok) refresh();
    });
    reply.append(" ", button);
  }

  async function ask(address, fields) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "X-CSRFToken": token, Accept: "application/json" },
        body: new URLSearchParams(fields),
      });
      if (answer.status === 401) window.location.reload();
      const found = await answer.json();
      return { ...found, ok: answer.ok };
    } catch {
      return { ok: false, told: root.dataset.unreached };
    }
  }

  // The blocks, and what the page says of them in words.
  async function refresh() {
    const there = new Promise((done) => (fed = done));
    calendar.refetchEvents();
    await there;
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["answer", "days"]) document.getElementById(id).replaceWith(fresh.getElementById(id));
  }

  async function feed({ startStr, endStr }) {
    const query = new URLSearchParams({ from: startStr.slice(0, 10), until: endStr.slice(0, 10) });
    const answer = await fetch(`${root.dataset.feed}?${query}`, { headers: { Accept: "application/json" } });
    if (answer.status === 401) window.location.reload();
    if (!answer.ok) throw new Error("no roster");
    const found = await answer.json();
    requestAnimationFrame(() => fed());
    return [
      ...found.hours.map((one) => ({
        id: one.id,
        start: one.starts,
        end: one.ends,
        title: one.who,
        editable: one.may_change,
        classNames: [`kind-${one.kind}`],
        extendedProps: one,
      })),
      ...found.gaps.map((one, index) => ({
        id: `gap-${index}`,
        start: one.starts,
        end: one.ends,
        title: one.words,
        display: "background",
        classNames: [one.kind],
        extendedProps: one,
      })),
    ];
  }

  function part(kind, words) {
    const made = document.createElement(kind === "who" ? "strong" : "span");
    made.className = `b-${kind}`;
    made.textContent = words;
    return made;
  }

  function content({ event, timeText }) {
    if (event.display === "background") return { domNodes: [part("gap", event.title)] };
    const one = event.extendedProps;
    if (!one.id) return { domNodes: [part("when", timeText)] };
    // The whole shift's time on each of its days; while it is moved, where it is.
    const stays = wall(event.start) === one.starts && wall(event.end) === one.ends;
    const when = part("when", "");
    when.append(...(stays ? one.span : `${root.dataset.span.replace("{starts}", clock(event.start)).replace("{ends}", clock(event.end))}`).split(/(?<=–)/).map((half) => Object.assign(document.createElement("span"), { textContent: half })));
    // What the keyboard stands on; only it says everything, to who doesn't see the block.
    const whole = document.createElement(one.address ? "a" : "div");
    whole.className = "b-whole";
    whole.draggable = false;
    whole.dataset.hours = one.id;
    whole.dataset.place = `${one.starts} ${one.who}`;
    if (one.address) {
      whole.href = one.address;
      whole.setAttribute("aria-label", one.told);
    }
    whole.append(part("who", one.who), when, ...one.marks.map((mark) => part("mark", mark)));
    return { domNodes: [whole] };
  }

  // Which dates of a shift that comes again; null to put it back.
  function choose(event) {
    if (!event.extendedProps.repeats) return Promise.resolve("one");
    document.getElementById("which-words").textContent = `${said(event)}. Until now: ${event.extendedProps.rule}.`;
    which.querySelector("[value=one]").checked = true;
    which.returnValue = "";
    which.showModal();
    return new Promise((done) => {
      which.addEventListener("close", () => done(which.returnValue === "change" ? which.querySelector(":checked").value : null), { once: true });
    });
  }

  async function keep(event, putBack) {
    const chosen = await choose(event);
    focus(event.id);
    if (!chosen) {
      putBack();
      tell(root.dataset.putBack);
      return;
    }
    const answer = await ask(event.extendedProps.change, { starts: wall(event.start), ends: wall(event.end), which: chosen });
    if (answer.ok) {
      tell(answer.told, { undo: answer.undo });
      await refresh();
      focus(event.id, `${wall(event.start)} ${event.extendedProps.who}`);
      return;
    } else {
      putBack();
      tell(answer.told ?? root.dataset.failed, { refused: true });
    }
    focus(event.id);
  }

  // Hours of a shift that has become another one are there under another id, at the same place.
  function focus(id, place = "") {
    requestAnimationFrame(() => {
      const block = root.querySelector(`[data-hours="${CSS.escape(id)}"]`) ?? root.querySelector(`[data-place="${CSS.escape(place)}"]`);
      if (block && !block.contains(document.activeElement) && (document.activeElement === document.body || moving)) block.focus();
    });
  }

  function place(event, start, end) {
    // As text: it stays the wall clock that it is.
    calendar.updateEvent({ ...event, start: wall(start), end: wall(end) });
    focus(event.id);
  }

  function putBack() {
    if (!moving) return;
    const was = moving;
    moving = null;
    const event = calendar.getEventById(was.id);
    if (event) place(event, was.start, was.end);
  }

  const MOVES = { ArrowUp: -STEP, ArrowDown: STEP, ArrowLeft: -DAY, ArrowRight: DAY };

  function pressed(key) {
    // A block that has just moved is drawn anew and has the focus again a moment later: no key is lost between.
    const between = key.target === document.body ? moving?.id : undefined;
    const id = root.contains(key.target) ? key.target.closest?.("[data-hours]")?.dataset.hours : between;
    if (!id || key.ctrlKey || key.metaKey || key.altKey) return;
    const event = calendar.getEventById(id);
    if (!event) return;
    if (key.key in MOVES && event.extendedProps.may_change && mayChange) {
      const by = MOVES[key.key];
      const step = Math.sign(by) * STEP;
      const [start, end] = !key.shiftKey
        ? [later(event.start, by), later(event.end, by)]
        : Math.abs(by) === DAY
          ? [later(event.start, step), event.end]
          : [event.start, later(event.end, step)];
      if (end > start) {
        moving ??= { id: event.id, start: event.start, end: event.end };
        place(event, start, end);
        tell(`${said({ ...event, start, end })}. ${root.dataset.keys}`);
      }
    } else if (key.key === "Enter" || key.key === " ") {
      if (moving?.id !== event.id) return;
      const was = moving;
      moving = null;
      keep(event, () => place(event, was.start, was.end));
    } else if (key.key === "Escape" && moving) {
      putBack();
      tell(root.dataset.putBack);
    } else return;
    key.preventDefault();
    key.stopPropagation();
  }

  // The component calls itself a table without rows. Whoever hears the page has the links, and the table under "List".
  const TABLE = ["table", "rowgroup", "row", "columnheader", "rowheader", "cell"].map((role) => `[role=${role}]`).join();
  function untable() {
    for (const one of root.querySelectorAll(TABLE)) {
      for (const name of ["role", "aria-colindex", "aria-colcount", "aria-rowcount"]) one.removeAttribute(name);
    }
  }

  // Letting go of a block that was dragged doesn't open it.
  let dragged = false;
  function grabbed() {
    dragged = true;
    window.addEventListener("pointerup", () => setTimeout(() => (dragged = false)), { once: true });
  }

  function start() {
    if (calendar || !root.offsetParent) return;
    calendar = window.EventCalendar.create(root, {
      view: root.dataset.show === "day" ? "timeGridDay" : "timeGridWeek",
      date: root.dataset.first,
      timeZone: root.dataset.offset,
      firstDay: 1,
      headerToolbar: { start: "", center: "", end: "" },
      allDaySlot: false,
      nowIndicator: true,
      slotDuration: "01:00",
      slotHeight: 32,
      snapDuration: "00:15",
      slotEventOverlap: false,
      slotLabelFormat: (at) => clock(at),
      eventTimeFormat: (from, until) => `${clock(from)}–${clock(until)}`,
      dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
      eventSources: [{ events: feed }],
      editable: mayChange,
      eventResizableFromStart: true,
      eventLongPressDelay: 400,
      eventContent: content,
      eventAllUpdated: untable,
      eventDragStart: grabbed,
      eventResizeStart: grabbed,
      eventDrop: ({ event, revert }) => keep(event, revert),
      eventResize: ({ event, revert }) => keep(event, revert),
      dateClick: ({ date }) => {
        if (mayChange && root.dataset.new) window.location.assign(`${root.dataset.new}?${new URLSearchParams({ day: wall(date).slice(0, 10), starts: clock(date) })}`);
      },
      locale: LOCALE,
    });
  }

  document.addEventListener("keydown", pressed, true);
  root.addEventListener("click", (click) => dragged && click.preventDefault(), true);
  root.addEventListener("focusout", () =>
    setTimeout(() => {
      if (moving && document.activeElement?.closest?.("[data-hours]")?.dataset.hours !== moving.id && document.activeElement !== document.body) {
        putBack();
        tell(root.dataset.putBack);
      }
    }),
  );
  window.addEventListener("resize", start);
  start();
})();
