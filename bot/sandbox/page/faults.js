// What trainers and testers make go wrong: Telegram's failures, the clock, the bots' rights in the channel.

const SHARES = { 429: "Too many requests", "5xx": "Server errors", cut: "Downloads that break", garbage: "Answers that are no JSON",
  duplicate: "Updates twice" };
const SWITCHES = { reorder: "Updates out of order", offline: "Every call fails" };
const SECONDS = { slow: "Every call slower, s", delay: "Updates later, s" };

const FIELDS = [
  ...Object.entries(SHARES).map(([name, label]) => [label, "range", name, { max: 1, step: "any" }]),
  ...Object.entries(SECONDS).map(([name, label]) => [label, "number", name, { max: 30, step: 0.5 }]),
  ...Object.entries(SWITCHES).map(([name, label]) => [label, "checkbox", name]),
  ["Clock ahead, hours", "number", "ahead", { max: 10000, step: 1 }],
  ["Bots may post in the channel", "checkbox", "post"],
];

// The panel is filled anew whenever it is opened: somebody else may have changed something.
export async function faultPanel(panel) {
  const form = panel.querySelector("form");
  const fill = async () => {
    const { faults, ahead, post } = await (await fetch("/faults")).json();
    const now = { ...faults, ahead: ahead / 3600, post };
    form.replaceChildren(...FIELDS.map(([label, type, name, more]) => field(label, type, name, now[name], more)));
    mark(panel, form);
  };
  form.onsubmit = (event) => event.preventDefault();
  form.onchange = () => tell(panel, form).catch(fill);
  panel.ontoggle = () => { if (panel.open) fill(); };
  panel.querySelector("button").onclick = () => {
    for (const input of form.elements) if (input.name === "post") input.checked = true; else reset(input);
    tell(panel, form).catch(fill);
  };
  await fill();
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
  const answer = await fetch(path, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} was refused`);
}

// Says on the closed panel that something is on: a trainee must not think that this is how it always is.
function mark(panel, form) {
  const on = [...form.elements].filter((i) => (i.name === "post" ? !i.checked : worth(i) > 0)).length;
  panel.querySelector("summary span").textContent = on ? `${on} on` : "none";
  panel.classList.toggle("on", on > 0);
}
