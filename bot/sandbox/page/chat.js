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
    this.seen = 0;
    this.empty();
    if (readOnly) root.querySelector(".compose").remove();
    else this.compose(root.querySelector(".compose"));
  }

  get name() { return this.bot === "channel" ? "channel" : `${this.person}/${this.bot}`; }

  path(what) { return `/people/${this.person}/${this.bot}/${what}`; }

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
    this.seen += 1;
  }

  draw() {
    const bottom = this.atBottom();
    let mine = false;
    for (const { change, message } of this.waiting.splice(0)) {
      if (change === "delete") this.remove(message.message_id);
      else if (this.put(message)) mine = mine || isMine(message);
    }
    this.empty();
    if (bottom || mine) this.toBottom();
  }

  atBottom() { return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80; }

  toBottom() { this.list.scrollTop = this.list.scrollHeight; }

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
    drawn.dataset.keyboard = JSON.stringify(message.reply_markup ?? null);
    this.shown.set(message.message_id, drawn);
    const bottom = this.atBottom();
    for (const image of drawn.querySelectorAll("img")) image.onload = () => { if (bottom) this.toBottom(); };
    if (!old) {
      this.list.querySelector(".start")?.remove();
      this.place(message).append(drawn);
      return true;
    }
    this.exchange(old, drawn, message);
    return false;
  }

  // Buttons that stay the same stay where they are: a finger may be on one. Else the focus goes to its like, or to none.
  exchange(old, drawn, message) {
    const keyboard = JSON.stringify(message.reply_markup ?? null);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const like = (one) => focused && one.tagName === focused.tagName && one.textContent === focused.textContent;
    if (old.dataset.keyboard === keyboard) {
      old.querySelector(".bubble").replaceWith(drawn.querySelector(".bubble"));
      this.shown.set(message.message_id, old);
    } else old.replaceWith(drawn);
    if (focused && !focused.isConnected) {
      ([...this.shown.get(message.message_id).querySelectorAll("button, select")].find(like) ?? this.list).focus();
    }
  }

  // Items of an album stand together, though each is a message of its own.
  place({ media_group_id: album, from }) {
    if (!album) return this.list;
    const begun = this.list.querySelector(`[data-album="${CSS.escape(album)}"]`);
    if (begun) return begun;
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
    form.onsubmit = async (event) => {
      event.preventDefault();
      const said = text.value;
      if (!said.trim()) return;
      text.value = "";
      if (!await this.post("text", { text: said })) text.value = text.value || said;
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
    files.onchange = async () => {
      const chosen = [...files.files];
      for (let from = 0; from < chosen.length; from += 10) await this.files(chosen.slice(from, from + 10), this.kind);
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
    return this.send(what, { headers: JSON_TYPE, body: JSON.stringify(body) });
  }

  async send(what, options) {
    let answer;
    try {
      answer = await fetch(this.path(what), { method: "POST", ...options });
    } catch {
      return this.refuse("Not sent: the sandbox does not answer. Start it again, then reload this page.");
    }
    if (!answer.ok) this.refuse((await answer.json().catch(() => ({}))).why ?? "That did not work.");
    return answer.ok;
  }

  refuse(why) {
    this.list.append(element("div", "refusal", why));
    this.toBottom();
    return false;
  }
}
