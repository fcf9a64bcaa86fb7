// One chat: what the server says the app shows, and what a person can do in it.

import { draw, element, isMine } from "./message.js";

const JSON_TYPE = { "content-type": "application/json" };

export class Chat {
  constructor(root, { person, bot, title, note, readOnly }) {
    Object.assign(this, { root, person, bot, readOnly });
    root.replaceChildren(document.getElementById("chat-template").content.cloneNode(true));
    root.querySelector(".title b").textContent = title;
    root.querySelector(".title small").textContent = note;
    this.list = root.querySelector(".messages");
    this.shown = new Map();
    this.waiting = [];
    if (readOnly) root.querySelector(".compose").remove();
    else this.compose(root.querySelector(".compose"));
  }

  get name() { return this.bot === "channel" ? "channel" : `${this.person}/${this.bot}`; }

  path(what) { return `/people/${this.person}/${this.bot}/${what}`; }

  begin() {
    this.shown.clear();
    this.waiting = [];
    this.list.replaceChildren();
    this.empty();
  }

  empty() {
    if (this.readOnly || this.shown.size || this.list.querySelector(".start")) return;
    const start = element("button", "start", "Start");
    start.onclick = () => this.post("text", { text: "/start" });
    this.list.append(start);
  }

  // Changes that come together are drawn together: a chat of a thousand messages is laid out once.
  change(change) {
    if (!this.waiting.length) requestAnimationFrame(() => this.draw());
    this.waiting.push(change);
  }

  draw() {
    const bottom = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    let came = false;
    for (const { change, message } of this.waiting.splice(0)) {
      if (change === "delete") this.remove(message.message_id);
      else came = this.put(message) || came;
    }
    this.empty();
    if (bottom || came) this.list.scrollTop = this.list.scrollHeight;
  }

  remove(id) {
    const old = this.shown.get(id);
    const album = old?.parentElement;
    old?.remove();
    this.shown.delete(id);
    if (album?.matches(".album:empty")) album.remove();
  }

  // Returns whether it is new; a message that changes stays where it is, and so does the reader's place in it.
  put(message) {
    const old = this.shown.get(message.message_id);
    const tools = { act: (what, body) => this.post(what, body), file: (id) => this.path(`file/${id}`), menu: this.menu(message) };
    const drawn = draw(message, tools);
    this.shown.set(message.message_id, drawn);
    for (const image of drawn.querySelectorAll("img")) image.onload = () => { this.list.scrollTop = this.list.scrollHeight; };
    if (!old) {
      this.list.querySelector(".start")?.remove();
      this.place(message).append(drawn);
      return true;
    }
    const focused = [...old.querySelectorAll("button")].indexOf(document.activeElement);
    old.replaceWith(drawn);
    if (focused >= 0) ([...drawn.querySelectorAll("button")][focused] ?? this.list).focus();
    return false;
  }

  // Items of an album stand together, though each is a message of its own.
  place({ media_group_id: album, photo, from }) {
    if (!album || !photo) return this.list;
    const last = this.list.lastElementChild;
    if (last?.dataset.album === album) return last;
    const group = element("div", isMine({ from }) ? "album mine" : "album");
    group.dataset.album = album;
    this.list.append(group);
    return group;
  }

  menu(message) {
    if (this.readOnly) return "";
    const menu = element("select", "menu", new Option("⋯", ""));
    menu.setAttribute("aria-label", "What to do with this message");
    if (isMine(message) && (message.text || message.caption)) menu.append(new Option("Edit", "edit"));
    menu.append(new Option("Delete for both", "delete"));
    menu.onchange = () => {
      const what = menu.value;
      menu.value = "";
      if (what === "delete") this.post("delete", { message_id: message.message_id });
      else this.edit(message);
    };
    return menu;
  }

  edit(message) {
    const text = window.prompt("Change the message", message.text ?? message.caption);
    if (text) this.post("edit", { message_id: message.message_id, text });
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
      const kind = attach.value;
      attach.value = "";
      if (kind === "place") return this.pin();
      if (kind === "contact") return this.contact();
      if (kind === "block" || kind === "unblock") return this.post(kind, {});
      this.kind = kind;
      files.value = "";
      files.click();
    };
    files.onchange = () => {
      const chosen = [...files.files];
      for (let from = 0; from < chosen.length; from += 10) this.files(chosen.slice(from, from + 10), this.kind);
    };
  }

  pin() {
    const [lat, lon] = (window.prompt("Latitude and longitude", "50.5503, 30.2105") ?? "").split(/[,\s]+/).map(Number);
    if (Number.isFinite(lat) && Number.isFinite(lon)) this.post("pin", { lat, lon });
  }

  contact() {
    const phone = window.prompt("Phone number of the contact", "+380 00 000 0000");
    if (phone) this.post("contact", { name: "Somebody", phone });
  }

  async files(files, kind) {
    const form = new FormData();
    for (const file of files) form.append("files", file);
    form.append("as", kind.replace("hidden ", ""));
    if (kind.startsWith("hidden ")) form.append("spoiler", "1");
    await this.send("files", { body: form });
  }

  async post(what, body) {
    await this.send(what, { headers: JSON_TYPE, body: JSON.stringify(body) });
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

  refuse(why) {
    this.list.append(element("div", "refusal", why));
    this.list.scrollTop = this.list.scrollHeight;
  }
}
