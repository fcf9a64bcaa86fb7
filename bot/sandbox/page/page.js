// The app's side of the sandbox: phones on the left, the officers on the right, one stream for all of them.

import { Chat } from "./chat.js";
import { element } from "./message.js";
import { faultPanel } from "./faults.js";

const VIEWS = ["Witness", "Queue", "Officer"];
const OFFICERS = ["Heron", "Egret", "Bittern", "Crane"];
const NAMES = ["Olena", "Mykola", "Iryna", "Andriy", "Svitlana", "Oksana"];

// Everybody at a side of the page: a tab each, one more by a button; remembered as long as the browser's tab is open.
class People {
  constructor(nav, { key, names, another, open, first = [] }) {
    Object.assign(this, { nav, key, names, another, opened: open });
    this.people = [...first, ...JSON.parse(sessionStorage.getItem(key) ?? "[]")];
    this.given = first.length;
  }

  async open() {
    if (!(await this.alive())) this.people.splice(this.given);
    if (!this.people.length) await this.add(); else this.show(0);
  }

  // Whether the sandbox still knows them: it forgets everybody when it is started again.
  async alive() {
    const last = this.people.at(-1);
    return last && (await fetch(`/people/${last.id}/witness/messages`)).ok;
  }

  async add() {
    const name = this.names[(this.people.length - this.given) % this.names.length];
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ name, language: "uk" });
    const { id } = await (await fetch("/people", { method: "POST", headers, body })).json();
    this.people.push({ id, name });
    sessionStorage.setItem(this.key, JSON.stringify(this.people.slice(this.given)));
    this.show(this.people.length - 1);
  }

  show(index) {
    this.opened(this.people[index]);
    const tabs = this.people.map((person, i) => tab(person.name, i === index, () => this.show(i)));
    refill(this.nav, [...tabs, tab(this.another, false, () => this.add())], index);
  }
}

// The focus stays with the tab that was pressed, or the one that it made.
function refill(nav, tabs, chosen) {
  const within = nav.contains(document.activeElement);
  nav.replaceChildren(...tabs);
  if (within) tabs[chosen].focus();
}

function tab(label, pressed, act) {
  const button = element("button", "", label);
  button.setAttribute("aria-pressed", pressed);
  button.onclick = act;
  return button;
}

// What is on the page now, and one stream for it: a browser allows six connections to a host, over all its tabs.
const chats = {};
let source;

function listen(more) {
  Object.assign(chats, more);
  source?.close();
  const shown = new Map(Object.values(chats).map((chat) => [chat.name, chat]));
  const asked = new URLSearchParams([...shown.values()].map((chat) => ["chat", `${chat.name}@${chat.seen}`]));
  source = new EventSource(`/watch?${asked}`);
  source.onmessage = (event) => {
    const change = JSON.parse(event.data);
    shown.get(change.chat).change(change);
  };
}

const at = (id) => document.getElementById(id);

function phone({ id, name }) {
  listen({ witness: new Chat(at("witness"), { person: id, bot: "witness", title: `${name}'s phone`, note: "chat with the reporting bot" }) });
}

// The channel's buttons are pressed by whoever sits at the desk.
function desk({ id, name }) {
  listen({
    queue: new Chat(at("channel"), {
      person: id, bot: "channel", title: "Officers' queue", note: "private channel; one card a referral", readOnly: true,
    }),
    officer: new Chat(at("officer"), { person: id, bot: "officers", title: name, note: "private chat with the officers' bot" }),
  });
}

// On a phone one side is shown at a time.
function views() {
  const show = (view) => {
    document.body.dataset.view = view;
    refill(at("views"), VIEWS.map((name) => tab(name, name === view, () => show(name))), VIEWS.indexOf(view));
    for (const chat of Object.values(chats)) chat.toBottom();
  };
  show("Witness");
}

views();
const { officers: first } = await (await fetch("/start.json")).json();
await new People(at("desks"), { key: "officers", names: OFFICERS, another: "Another officer", open: desk, first }).open();
await new People(at("phones"), { key: "people", names: NAMES, another: "Another phone", open: phone }).open();
await faultPanel(at("faults"));
