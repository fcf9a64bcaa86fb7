// One message as the app shows it: words with their formatting, media that neither plays nor shows by itself, buttons.

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
  spoiler: "button",
};
const PLAYED = { voice: "audio", audio: "audio", video: "video", video_note: "video", animation: "video" };
const FILES = ["document", "video", "audio", "voice", "animation", "video_note", "sticker"];

export function element(tag, className, ...inside) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...inside);
  return made;
}

export function size(bytes) {
  return bytes < 1e5 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export const isMine = (message) => Boolean(message.from && !message.from.is_bot);

// `act(what, body)` does what a tap does; `file(id)` is where a file lies.
export function draw(message, { act, file, menu }) {
  const bubble = element("div", "bubble", ...media(message, file), ...formatted(message));
  const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const notes = [message.edit_date && "edited", message.has_protected_content && "protected", time].filter(Boolean);
  const meta = element("div", "meta", notes.join(" "));
  if (menu) meta.append(menu);
  bubble.append(meta);
  const rows = message.reply_markup?.inline_keyboard ?? [];
  const whole = element("div", isMine(message) ? "message mine" : "message", bubble);
  for (const row of rows) whole.append(element("div", "row", ...row.map((b) => button(b, message, act))));
  return whole;
}

function button({ text, callback_data: data }, message, act) {
  const made = element("button", "", text);
  made.onclick = () => act("press", { message_id: message.message_id, data });
  return made;
}

// Entities count UTF-16 units, as JavaScript does; those that stand inside others are drawn inside them.
function formatted(message) {
  const text = message.text ?? message.caption ?? "";
  const entities = [...(message.entities ?? message.caption_entities ?? [])]
    .filter((e) => e.type in TAGS || e.type === "text_link" || e.type === "url")
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, entities);
}

function span(text, from, to, entities) {
  const parts = [];
  let at = from;
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    if (entity.offset < at) continue;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset > at) parts.push(text.slice(at, entity.offset));
    parts.push(styled(entity, text.slice(entity.offset, end), span(text, entity.offset, end, entities)));
    at = end;
  }
  if (at < to) parts.push(text.slice(at, to));
  return parts;
}

function styled(entity, words, inside) {
  if (entity.type === "text_link" || entity.type === "url") {
    const address = entity.url ?? words;
    const link = element("a", "", ...inside);
    if (/^https?:/i.test(address)) link.href = address;
    link.rel = "noreferrer noopener";
    link.target = "_blank";
    return link;
  }
  return entity.type === "spoiler" ? hidden(element("span", "", ...inside), "Hidden words") : element(TAGS[entity.type], "", ...inside);
}

// What is hidden shows after a tap, as in the app.
function hidden(inside, label) {
  const cover = element("button", "spoiler", inside);
  cover.setAttribute("aria-label", `${label}: tap to show`);
  cover.onclick = () => cover.replaceWith(inside);
  return cover;
}

function media(message, file) {
  if (message.photo) return [veiled(message, photo(file(message.photo.at(-1).file_id)), "Hidden photo")];
  const shown = FILES.filter((kind) => message[kind]).map((kind) => oneFile(message, kind, file));
  if (message.location) {
    const { latitude, longitude } = message.location;
    shown.push(element("div", "note", `${message.venue?.title ?? "Place on the map"}: ${latitude}, ${longitude}`));
  }
  if (message.contact) shown.push(element("div", "note", `Contact: ${message.contact.first_name}, ${message.contact.phone_number}`));
  if (message.forward_origin) shown.unshift(element("div", "note", "Forwarded"));
  return shown;
}

function photo(address) {
  const image = element("img", "");
  image.src = address;
  image.alt = "Photo";
  return image;
}

const veiled = (message, inside, label) => (message.has_media_spoiler ? hidden(inside, label) : inside);

function oneFile(message, kind, file) {
  const { file_id: id, file_name: name, file_size: bytes } = message[kind];
  const link = element("a", "file", `${name ?? kind.replace("_", " ")} (${size(bytes)})`);
  link.href = file(id);
  link.download = name ?? kind;
  if (!(kind in PLAYED)) return link;
  const player = element(PLAYED[kind], "");
  Object.assign(player, { src: link.href, controls: true, preload: "none" });
  player.setAttribute("aria-label", kind.replace("_", " "));
  return element("div", "played", veiled(message, player, `Hidden ${kind}`), link);
}
