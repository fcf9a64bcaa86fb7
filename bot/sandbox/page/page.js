// The app's side of the sandbox: phones on the left, the officers on the right, one stream for all of them.

import { Chat } from "./chat.js";
import { element } from "./message.js";
import { faultPanel } from "./faults.js";

const NAMES = ["Olena", "Mykola", "Iryna", "Andriy", "Svitlana", "Oksana"];

// A browser allows six connections to a host, over all its tabs.
class Stream {
  constructor(...chats) { this.chats = chats; }

  listen(...more) {
    this.source?.close();
    const shown = new Map([...this.chats, ...more].map((chat) => [chat.name, chat]));
    const asked = new URLSearchParams([...shown.keys()].map((name) => ["chat", name]));
    this.source = new EventSource(`/watch?${asked}`);
    this.source.onopen = () => { for (const chat of shown.values()) chat.begin(); };
    this.source.onmessage = (event) => {
      const change = JSON.parse(event.data);
      shown.get(change.chat).change(change);
    };
  }
}

class Phones {
  constructor(stream) {
    this.stream = stream;
    this.people = JSON.parse(sessionStorage.getItem("people") ?? "[]");
    this.nav = document.getElementById("phones");
  }

  async open() {
    if (!(await this.alive())) this.people = [];
    if (!this.people.length) await this.add(); else this.show(0);
  }

  async alive() {
    const [first] = this.people;
    return first && (await fetch(`/people/${first.id}/witness/messages`)).ok;
  }

  async add() {
    const name = NAMES[this.people.length % NAMES.length];
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ name, language: "uk" });
    const { id } = await (await fetch("/people", { method: "POST", headers, body })).json();
    this.people.push({ id, name });
    sessionStorage.setItem("people", JSON.stringify(this.people));
    this.show(this.people.length - 1);
  }

  show(index) {
    const { id, name } = this.people[index];
    this.chat = new Chat(document.getElementById("witness"), {
      person: id, bot: "witness", title: `${name}'s phone`, note: "chat with the reporting bot",
    });
    this.stream.listen(this.chat);
    this.nav.replaceChildren(...this.people.map((person, i) => tab(person.name, i === index, () => this.show(i))),
      tab("Another phone", false, () => this.add()));
  }
}

function tab(label, pressed, act) {
  const button = element("button", "", label);
  button.setAttribute("aria-pressed", pressed);
  button.onclick = act;
  return button;
}

// On a phone one side is shown at a time.
function views() {
  const nav = document.getElementById("views");
  const show = (view) => {
    document.body.dataset.view = view;
    nav.replaceChildren(...["Witness", "Queue", "Officer"].map((name) => tab(name, name === view, () => show(name))));
  };
  show("Witness");
}

views();
const { officer } = await (await fetch("/start.json")).json();
const queue = new Chat(document.getElementById("channel"), {
  person: officer, bot: "channel", title: "Officers' queue", note: "private channel; one card a referral", readOnly: true,
});
const desk = new Chat(document.getElementById("officer"), {
  person: officer, bot: "officers", title: "Kestrel, officer", note: "private chat with the officers' bot",
});
await new Phones(new Stream(queue, desk)).open();
await faultPanel(document.getElementById("faults"));
