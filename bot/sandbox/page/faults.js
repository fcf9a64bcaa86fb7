// What trainers and testers make go wrong: Telegram's failures, the clock, the bots' rights in the channel.

const SHARES = { 429: "Too many requests", "5xx": "Server errors", cut: "Downloads that break", duplicate: "Updates twice" };
const SWITCHES = { reorder: "Updates out of order", offline: "No answer at all" };
const SECONDS = { slow: "Every call slower, s", delay: "Updates later, s" };

export async function faultPanel(panel) {
  const form = panel.querySelector("form");
  const now = await (await fetch("/faults")).json();
  for (const [name, label] of Object.entries(SHARES)) form.append(field(label, "range", name, now.faults[name], { max: 1, step: 0.1 }));
  for (const [name, label] of Object.entries(SECONDS)) form.append(field(label, "number", name, now.faults[name], { max: 30, step: 0.5 }));
  for (const [name, label] of Object.entries(SWITCHES)) form.append(field(label, "checkbox", name, now.faults[name]));
  form.append(field("Clock ahead, hours", "number", "ahead", now.ahead / 3600, { max: 10000, step: 1 }));
  form.append(field("Bots may post in the channel", "checkbox", "post", now.post));
  form.onsubmit = (event) => event.preventDefault();
  form.onchange = () => tell(panel, form);
  panel.querySelector("button").onclick = () => {
    for (const input of form.elements) if (input.name === "post") input.checked = true; else reset(input);
    tell(panel, form);
  };
  mark(panel, form);
}

function field(label, type, name, value, more = {}) {
  const input = Object.assign(document.createElement("input"), { type, name, ...more, min: 0 });
  if (type === "checkbox") input.checked = Boolean(value); else input.value = value;
  const whole = document.createElement("label");
  whole.append(input, label);
  return whole;
}

function reset(input) {
  if (input.type === "checkbox") input.checked = false; else input.value = 0;
}

const worth = (input) => (input.type === "checkbox" ? input.checked : Number(input.value));

async function tell(panel, form) {
  const faults = {};
  for (const input of form.elements) if (input.name in { ...SHARES, ...SWITCHES, ...SECONDS }) faults[input.name] = worth(input);
  await put("/faults", faults);
  await put("/clock", { ahead: worth(form.elements.ahead) * 3600 });
  await put("/rights", { post: form.elements.post.checked });
  mark(panel, form);
}

async function put(path, body) {
  await fetch(path, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

// Says on the closed panel that something is on: a trainee must not think that this is how it always is.
function mark(panel, form) {
  const on = [...form.elements].filter((i) => (i.name === "post" ? !i.checked : worth(i) > 0)).length;
  panel.querySelector("summary span").textContent = on ? `${on} on` : "none";
  panel.classList.toggle("on", on > 0);
}
