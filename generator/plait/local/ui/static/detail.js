// One event: where it went, what it is, and what can be done with it.

import { ask, post } from "./api.js";
import { byId, clock, h, isLost, later, paced, say, size } from "./dom.js";
import { asText, traced } from "./trace.js";

const MOST_TEXT = 100000;
const POLL = 1000;

/**
 * @param go shows another event
 * @param compose opens the form with these attributes
 */
export function detail(go, compose) {
  const title = byId("detail-title"), box = byId("chosen");
  const first = [...box.childNodes];
  let reference = null, drawn = "", seqs = new Set(), open = false;

  async function load() {
    const wanted = reference;
    if (wanted === null) return;
    const path = encodeURIComponent(wanted);
    const found = await Promise.all([ask(`trace/${path}`), ask(`events/${path}`)]).catch((error) => error);
    if (wanted !== reference) return;
    if (!Array.isArray(found)) return failed(found);
    const [tree, event] = found;
    seqs = new Set(numbers(tree));
    open = isOpen(tree);
    const now = JSON.stringify(found);
    if (now !== drawn) draw(tree, event);
    drawn = now;
    if (open) poll();
  }

  const soon = paced(load, 80);
  const poll = later(load, POLL); // attempts that fail are no news

  function failed(error) {
    if (error instanceof TypeError) return; // the broker is gone, which is told elsewhere
    title.textContent = `Event ${reference}`;
    box.replaceChildren(h("p", { class: "lost" }, error.message));
    drawn = "";
  }

  function draw(tree, event) {
    const opened = new Set([...box.querySelectorAll("details[open]")].map((item) => item.id));
    const focused = box.contains(document.activeElement) ? document.activeElement.id : "";
    title.textContent = event.attributes.type;
    box.replaceChildren(buttons(event), ...same(event), ...broken(event), h("h3", {}, "Trace"), traced(tree, go),
      h("details", { id: "as-text" }, h("summary", { id: "as-text-title" }, "As text"), h("pre", {}, asText(tree).join("\n"))),
      h("h3", {}, "Event"), attributes(event), h("h3", {}, `Data, ${size(event.size)}`), data(event));
    for (const id of opened) if (byId(id)) byId(id).open = true;
    if (focused) byId(focused)?.focus();
  }

  function buttons(event) {
    const lost = event.deliveries.filter((item) => isLost(item.state)).length;
    const replay = (parameters, text, id) => h("button", { type: "button", id, onclick: () => again(event.seq, parameters) }, text);
    return h("p", { class: "buttons" },
      replay("", "Replay", "replay"),
      lost ? replay("?dead-lettered=1", "Replay where dead-lettered", "replay-lost") : null,
      h("button", { type: "button", id: "edit", onclick: () => compose(prefilled(event)) }, "Edit and send"),
      h("span", { id: "replayed", class: "lost", role: "alert" }));
  }

  async function again(seq, parameters) {
    try {
      const found = await post(`replay/${seq}${parameters}`);
      say(`Event ${seq} was sent again as ${found.seq}.`);
      go(found.seq);
    } catch (error) {
      byId("replayed").textContent = error.message;
    }
  }

  return {
    show(wanted) {
      if (wanted === reference) return;
      [reference, drawn, open] = [wanted, "", false];
      if (wanted !== null) return load();
      title.textContent = "No event chosen";
      box.replaceChildren(...first);
    },
    refresh: soon,
    news(events) {
      if (events.some((event) => seqs.has(event.seq) || seqs.has(event.parent))) soon();
    },
  };
}

function* numbers(node) {
  yield node.seq;
  for (const trigger of node.triggers) for (const reply of trigger.replies ?? []) yield* numbers(reply);
}

function isOpen(node) {
  return node.triggers.some((trigger) => trigger.state === "open" || (trigger.replies ?? []).some(isOpen));
}

/** In what its data break the contract of its type. */
function broken({ contract, attributes }) {
  if (!contract) return [];
  return [h("h3", {}, "Contract"), h("div", { id: "contract" }, h("p", {}, `The data break the contract of ${attributes.type}:`),
    h("ul", {}, ...contract.map((text) => h("li", { class: "lost" }, text))))];
}

/** Events may share an id. */
function same(event) {
  const others = event.sameId.filter((seq) => seq !== event.seq).slice(0, 10);
  if (!others.length) return [];
  return [h("p", {}, "Others have the same id: ", ...others.flatMap((seq) => [h("a", { href: `#/event/${seq}` }, `#${seq}`), " "]))];
}

function attributes(event) {
  const link = (seq) => (seq ? h("a", { href: `#/event/${seq}` }, `#${seq}`) : null);
  const rows = [
    ...Object.entries(event.attributes),
    ["taken", clock(event.acceptedMs)], ["Broker", event.broker], ["hops left", String(event.ttl)],
    ["answers", link(event.parent)], ["sent again from", link(event.replayOf)],
    ...event.headers.map(([name, value]) => [`header ${name}`, value]),
  ];
  return h("dl", {}, ...rows.filter(([, value]) => value !== null).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function data(event) {
  if (!event.size) return h("p", { class: "muted" }, "none");
  const text = "json" in event ? pretty(event) : event.text;
  if (text === undefined) {
    return h("div", {}, h("p", { class: "muted" }, "Not text; in base64:"), h("pre", { id: "data", tabindex: "0" }, cut(event.dataBase64)));
  }
  return h("pre", { id: "data", tabindex: "0" }, cut(text));
}

/** Indented; as it came where the browser would change a number by that. */
function pretty(event) {
  const text = JSON.stringify(event.json, null, 2);
  const plain = (value) => value.replace(/\s/g, "");
  return plain(text) === plain(event.text) ? text : event.text;
}

const cut = (text) => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}\n… ${text.length - MOST_TEXT} more characters` : text);

/** What the form starts with: a copy without its id. */
function prefilled(event) {
  const { id, specversion, ...rest } = event.attributes;
  return { ...rest, broker: event.broker, data: event.text ?? "" };
}
