"use strict";
// The app's side of the sandbox: it shows what the server says the app shows, and can do only what the app can.

const MOST_SHOWN = 400;
const NAMES = ["Olena", "Mykola", "Iryna", "Andriy", "Svitlana", "Oksana"];

class Chat {
  constructor(root, { person, bot, title, note, readOnly }) {
    Object.assign(this, { root, person, bot, readOnly });
    root.replaceChildren(document.getElementById("chat-template").content.cloneNode(true));
    root.querySelector(".title b").textContent = title;
    root.querySelector(".title small").textContent = note;
    this.list = root.querySelector(".messages");
    this.shown = new Map();
    if (readOnly) root.querySelector(".compose").remove();
    else this.compose(root.querySelector(".compose"));
  }

  get name() { return this.bot === "channel" ? "channel" : `${this.person}/${this.bot}`; }

  path(what) { return `/people/${this.person}/${this.bot}/${what}`; }

  begin() {
    this.shown.clear();
    this.list.replaceChildren();
    this.empty();
  }

  empty() {
    if (this.readOnly || this.shown.size || this.list.querySelector(".start")) return;
    const start = document.createElement("button");
    start.className = "start";
    start.textContent = "Start";
    start.onclick = () => this.post("text", { text: "/start" });
    this.list.append(start);
  }

  change({ change, message }) {
    const bottom = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    const old = this.shown.get(message.message_id);
    if (change === "delete") {
      old?.remove();
      this.shown.delete(message.message_id);
      this.empty();
      return;
    }
    this.list.querySelector(".start")?.remove();
    const element = this.draw(message);
    if (old) old.replaceWith(element); else this.list.append(element);
    this.shown.set(message.message_id, element);
    if (this.shown.size > MOST_SHOWN) {
      const [first] = this.shown.keys();
      this.shown.get(first).remove();
      this.shown.delete(first);
    }
    if (bottom || !old) this.list.scrollTop = this.list.scrollHeight;
  }

  draw(message) {
    const element = document.createElement("div");
    element.className = message.from && !message.from.is_bot ? "message mine" : "message";
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    this.media(bubble, message);
    const text = message.text ?? message.caption;
    if (text) bubble.append(text);
    const meta = document.createElement("div");
    meta.className = "meta";
    const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    meta.textContent = (message.edit_date ? "edited " : "") + (message.has_protected_content ? "protected " : "") + time;
    bubble.append(meta);
    element.append(bubble);
    for (const row of message.reply_markup?.inline_keyboard ?? []) element.append(this.row(row, message));
    return element;
  }

  media(bubble, message) {
    if (message.photo) {
      const image = document.createElement("img");
      image.src = this.path(`file/${message.photo.at(-1).file_id}`);
      image.alt = "Photo";
      image.onload = () => { this.list.scrollTop = this.list.scrollHeight; };
      bubble.append(image);
      return;
    }
    for (const kind of ["document", "video", "audio", "voice", "animation", "video_note", "sticker"]) {
      const file = message[kind];
      if (!file) continue;
      const link = document.createElement("a");
      link.href = this.path(`file/${file.file_id}`);
      link.download = file.file_name ?? kind;
      link.textContent = `${file.file_name ?? kind.replace("_", " ")} (${size(file.file_size)})`;
      bubble.append(link, "\n");
    }
    if (message.location) bubble.append(`Place on the map: ${message.location.latitude}, ${message.location.longitude}`);
  }

  row(row, message) {
    const line = document.createElement("div");
    line.className = "row";
    for (const button of row) {
      const element = document.createElement("button");
      element.textContent = button.text;
      element.onclick = () => this.post("press", { message_id: message.message_id, data: button.callback_data });
      line.append(element);
    }
    return line;
  }

  compose(form) {
    const [text, attach, files] = ["textarea", "select", "input"].map((tag) => form.querySelector(tag));
    form.onsubmit = (event) => {
      event.preventDefault();
      if (!text.value.trim()) return;
      this.post("text", { text: text.value });
      text.value = "";
    };
    text.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
    };
    attach.onchange = () => {
      this.kind = attach.value;
      attach.value = "";
      files.value = "";
      files.click();
    };
    files.onchange = () => {
      const chosen = [...files.files];
      for (let from = 0; from < chosen.length; from += 10) this.files(chosen.slice(from, from + 10), this.kind);
    };
  }

  async files(files, kind) {
    const form = new FormData();
    for (const file of files) form.append("files", file);
    form.append("as", kind);
    await this.send("files", { body: form });
  }

  async post(what, body) {
    const headers = { "content-type": "application/json" };
    await this.send(what, { headers, body: JSON.stringify(body) });
  }

  async send(what, options) {
    let answer;
    try {
      answer = await fetch(this.path(what), { method: "POST", ...options });
    } catch {
      return this.refuse("Not sent: the sandbox does not answer. Start it again, then reload this page.");
    }
    if (!answer.ok) this.refuse((await answer.json().catch(() => ({}))).why ?? "That did not work.");
  }

  refuse(text) {
    const why = document.createElement("div");
    why.className = "refusal";
    why.textContent = text;
    this.list.append(why);
    this.list.scrollTop = this.list.scrollHeight;
  }
}

function size(bytes) {
  return bytes < 1e5 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// One stream for all chats on the page: a browser allows six connections to a host, over all its tabs.
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
    this.nav.replaceChildren(...this.people.map((person, i) => this.tab(person.name, i === index, () => this.show(i))),
      this.tab("Another phone", false, () => this.add()));
  }

  tab(label, pressed, act) {
    const button = document.createElement("button");
    button.textContent = label;
    button.setAttribute("aria-pressed", pressed);
    button.onclick = act;
    return button;
  }
}

(async () => {
  const { officer } = await (await fetch("/start.json")).json();
  const queue = new Chat(document.getElementById("channel"), {
    person: officer, bot: "channel", title: "Officers' queue", note: "private channel; one card a referral", readOnly: true,
  });
  const desk = new Chat(document.getElementById("officer"), {
    person: officer, bot: "officers", title: "Kestrel, officer", note: "private chat with the officers' bot",
  });
  await new Phones(new Stream(queue, desk)).open();
})();
