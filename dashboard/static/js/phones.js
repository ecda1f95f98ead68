// The simulated phones: shows what each one shows and hears, and passes its keys on.

const EVERY = 500;
const HIDDEN_EVERY = 3000;

const list = document.getElementById("phones");
const problem = document.getElementById("phones-problem");
const sound = document.getElementById("sound");
const token = document.querySelector('meta[name="csrf-token"]').content;
const handsets = new Map();
let version = null;

// The page brings what the phones say, in its reader's language.
const words = new Map([...document.getElementById("phone-words").content.querySelectorAll("[data-says]")].map((one) => [one.dataset.says, one.textContent]));
const say = (name, values = {}) => words.get(name).replace(/{(\w+)}/g, (_, value) => values[value]);
const names = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });

function tell(sentence) {
  problem.textContent = sentence;
  problem.hidden = !sentence;
}

async function act(id, action, fields = {}) {
  try {
    const answer = await fetch(`/phones/${encodeURIComponent(id)}/${action}`, {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "text/plain" },
      body: new URLSearchParams(fields),
    });
    const sentence = answer.ok ? "" : (await answer.text()).slice(0, 200);
    tell(sentence.startsWith("<") ? say("failed") : sentence);
  } catch {
    tell(say("unreached"));
  }
  look();
}

// What the two buttons do in each state; null is a button that does nothing now.
function buttons(phone) {
  const may = (what) => phone.can.includes(what);
  if (may("answer")) return [[say("answer"), "answer"], [say("decline"), "reject"]];
  if (phone.recording) return [[say("speak"), "speak"], [say("hang-up"), "hang-up"]];
  return [[say("call"), may("call") ? "call" : null], [say("hang-up"), may("hang_up") ? "hang-up" : null]];
}

function seconds(phone) {
  const whole = phone.call_seconds + Math.floor((Date.now() - phone.seenAt) / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function stateWords(phone) {
  switch (phone.state) {
    case "dialling":
      return say("dialling");
    case "ringing":
      return say("ringing");
    case "talking": {
      const others = phone.in_conference_with;
      const state = phone.recording ? "recorded" : others.length ? "talking" : "on-the-line";
      return say(state, { time: seconds(phone), names: names.format(others) });
    }
    default:
      return say("idle");
  }
}

// The network writes down what is played by its path.
const PLAYED = /^\[plays (\/\S+)\]$/;
const shown = (line) => (PLAYED.test(line.text) ? say("sound") : line.text);
const playing = new Audio();

function speak(line) {
  if (!sound.checked) return;
  const played = PLAYED.exec(line.text);
  if (played) {
    playing.src = played[1];
    playing.play().catch(() => {}); // a browser may refuse, and the sound may be gone
    return;
  }
  playing.pause();
  if (!("speechSynthesis" in window)) return;
  const spoken = new SpeechSynthesisUtterance(line.text);
  spoken.lang = line.language;
  window.speechSynthesis.speak(spoken);
}

class Handset {
  constructor(phone) {
    const copy = document.getElementById("handset").content.cloneNode(true);
    this.root = copy.querySelector(".handset");
    this.part = (name) => this.root.querySelector(`.${name}`);
    this.known = new Set();
    this.fresh = true;
    const heading = this.part("label");
    heading.id = `label-${phone.id}`;
    heading.textContent = phone.label;
    this.root.setAttribute("aria-labelledby", heading.id);
    this.part("number").textContent = `${say(`is-${phone.kind}`)}, ${phone.number}`;
    this.part("heard").setAttribute("aria-label", say("hears", { name: phone.label }));
    this.part("heard").dataset.empty = say("nothing-heard");
    this.part("keypad").setAttribute("aria-label", say("keys", { name: phone.label }));
    for (const [index, name] of ["first", "second"].entries()) {
      this.part(name).addEventListener("click", () => this.push(index));
    }
    this.part("keypad").addEventListener("click", (event) => this.press(event.target.dataset.key));
    const text = this.part("text");
    text.elements.body.setAttribute("aria-label", say("texts", { name: phone.label }));
    text.elements.body.placeholder = say("text");
    text.addEventListener("submit", (event) => this.text(event));
    this.root.addEventListener("keydown", (event) => {
      if (event.target.name !== "body" && /^[0-9*#]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) this.press(event.key);
    });
    list.append(copy);
  }

  push(index) {
    const action = buttons(this.phone)[index][1];
    if (action) act(this.phone.id, action);
  }

  press(key) {
    if (key && this.phone.can.includes("keys")) act(this.phone.id, "press", { key });
  }

  text(event) {
    event.preventDefault();
    act(this.phone.id, "text", { body: event.target.elements.body.value });
    event.target.reset();
  }

  show(phone) {
    this.phone = { ...phone, seenAt: Date.now() };
    for (const state of ["idle", "dialling", "ringing", "talking"]) {
      this.root.classList.toggle(`is-${state}`, phone.state === state);
    }
    for (const [index, name] of ["first", "second"].entries()) this.showButton(this.part(name), buttons(phone)[index]);
    this.part("first").classList.toggle("main", ["idle", "ringing"].includes(phone.state) && this.mayStart());
    for (const key of this.root.querySelectorAll("[data-key]")) {
      key.setAttribute("aria-disabled", String(!phone.can.includes("keys")));
    }
    this.hear([...phone.inbox.map((one) => ({ id: one.id, text: say("inbox", { text: one.text }), silent: true })), ...phone.heard]);
    this.tick();
  }

  mayStart() {
    return this.phone.state === "ringing" || this.phone.kind === "peer";
  }

  showButton(button, [said, action]) {
    if (button.textContent !== said) button.textContent = said;
    button.setAttribute("aria-disabled", String(!action));
  }

  hear(lines) {
    const heard = this.part("heard");
    const current = new Set(lines.map((line) => line.id));
    for (const item of [...heard.children]) if (!current.has(item.dataset.line)) item.remove();
    const news = lines.filter((line) => !this.known.has(line.id));
    for (const line of news) {
      const item = document.createElement("p");
      item.dataset.line = line.id;
      if (line.language) item.lang = line.language;
      item.textContent = shown(line);
      heard.append(item);
      if (!this.fresh && !line.silent) speak(line);
    }
    this.known = current;
    this.fresh = false;
    if (news.length) heard.scrollTop = heard.scrollHeight;
  }

  tick() {
    const said = stateWords(this.phone);
    const state = this.part("state");
    if (state.textContent !== said) state.textContent = said;
  }
}

function showAll(state) {
  version = state.version;
  if (list.getAttribute("aria-busy") === "true") {
    list.replaceChildren();
    list.setAttribute("aria-busy", "false");
  }
  for (const phone of state.handsets) {
    if (!handsets.has(phone.id)) handsets.set(phone.id, new Handset(phone));
    handsets.get(phone.id).show(phone);
  }
}

let looking = false;
async function look() {
  if (looking) return;
  looking = true;
  try {
    const query = version === null ? "" : `?since=${version}`;
    const answer = await fetch(`/phones/state${query}`, { headers: { Accept: "application/json" } });
    if (answer.status === 401) window.location.reload();
    if (answer.status === 200) showAll(await answer.json());
    if (answer.status === 503) tell((await answer.json()).sentence);
    else if (answer.ok && problem.dataset.away) tell("");
    problem.dataset.away = answer.status === 503 ? "yes" : "";
  } catch {
    tell(say("away"));
    problem.dataset.away = "yes";
  } finally {
    looking = false;
  }
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, document.hidden ? HIDDEN_EVERY : EVERY);
}

sound.addEventListener("change", () => {
  if (sound.checked) return;
  window.speechSynthesis?.cancel();
  playing.pause();
});
setInterval(() => {
  for (const handset of handsets.values()) handset.tick();
}, 1000);
keepLooking();
