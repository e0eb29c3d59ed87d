// The flow: the server's picture (the one of `plait graph`), with a number at each box and arrow.

import { ask, query } from "./api.js";
import { byId, h, STATES } from "./dom.js";

const SMALLEST = 0.75;
const SVG = "http://www.w3.org/2000/svg";
// The only text that is ever read as markup: it comes from the broker, which escapes what it did not write.
const policy = globalThis.trustedTypes?.createPolicy("plait-picture", { createHTML: (text) => text });

/** @param onType takes the type of an event whose box was chosen */
export function flow(onType) {
  const box = byId("picture"), details = byId("table").parentElement;
  let drawn = "", found = { nodes: {}, edges: [], events: [] }, before = new Map();

  async function load(broker) {
    const next = await ask(`picture?${query({ broker })}`).catch(() => null);
    if (!next) return;
    found = next;
    if (found.svg + JSON.stringify(found.types) !== drawn) redraw();
    count();
    types();
    if (details.open) await tabulate();
  }

  async function tabulate() {
    const flows = await ask("flow").catch(() => null);
    if (flows) table(flows, found.broker);
  }

  function redraw() {
    drawn = found.svg + JSON.stringify(found.types);
    // The page's own style sheet has these colours, and its heading says the title.
    const plain = found.svg.replace(/<style>[^]*?<\/style>/, "");
    const text = policy ? policy.createHTML(plain) : plain;
    const svg = document.adoptNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement);
    for (const rest of svg.querySelectorAll(".paper, .title")) rest.remove();
    svg.setAttribute("role", "group");
    for (const [id, type] of Object.entries(found.types)) choosable(svg.querySelector(`g[id="${id}"]`), type);
    box.replaceChildren(svg);
    crop(svg);
    before = new Map();
  }

  function choosable(group, type) {
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "button");
    group.addEventListener("click", () => onType(type));
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); onType(type); }
    });
  }

  function count() {
    for (const badge of box.querySelectorAll(".badges")) badge.remove();
    for (const [id, numbers] of Object.entries(found.nodes)) {
      const group = box.querySelector(`g[id="${id}"]`);
      if (group) badges(group, numbers);
    }
    for (const edge of found.edges) {
      for (const group of box.querySelectorAll(`g[data-from="${edge.from}"][data-to="${edge.to}"]`)) {
        if (group.querySelector("title").textContent === edge.title) label(group, edge);
      }
    }
    byId("hidden").hidden = !found.hidden;
    byId("hidden").textContent = found.hidden ? `${found.hidden} more types of events are not drawn.` : "";
  }

  function badges(group, numbers) {
    const rect = group.querySelector("rect");
    const at = (name) => Number(rect.getAttribute(name));
    const told = Object.entries(signs(numbers)).map(([style, text]) => pill(style, text));
    const width = told.reduce((sum, item) => sum + item.width + 4, -4);
    let x = at("x") + (at("width") - width) / 2;
    const layer = node("g", { class: "badges" });
    for (const item of told) {
      item.group.setAttribute("transform", `translate(${x} ${at("y") + at("height") - 4})`);
      x += item.width + 4;
      layer.append(item.group);
    }
    group.append(layer);
    const words = Object.entries(numbers).map(([state, count]) => `${count} ${STATES[state]?.[2] ?? "events"}`);
    group.setAttribute("aria-label", `${group.querySelector("title").textContent}: ${words.join(", ")}`);
  }

  function label(group, edge) {
    const path = group.querySelector("path");
    const key = `${edge.from} ${edge.to} ${edge.title}`;
    const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
    const text = node("text", { class: "badges number", x, y: y - 4, "text-anchor": "middle" });
    text.textContent = edge.count;
    group.append(text);
    group.classList.remove("pulse");
    if (before.has(key) && before.get(key) < edge.count) {
      group.getBoundingClientRect(); // so that the animation starts anew
      group.classList.add("pulse");
    }
    before.set(key, edge.count);
  }

  function types() {
    byId("types").replaceChildren(...found.events.map((item) => h("option", { value: item.type })));
  }

  details.addEventListener("toggle", tabulate);

  return { load, known: () => found.events.map((item) => ({ ...item, broker: found.broker })) };
}

/** No more than is drawn, as wide as there is room, but never so small that nobody reads it. */
function crop(svg) {
  const { x, y, width, height } = svg.getBBox();
  svg.setAttribute("viewBox", `${x - 8} ${y - 8} ${width + 16} ${height + 28}`);
  svg.setAttribute("width", width + 16);
  svg.removeAttribute("height");
  svg.style.minWidth = `${SMALLEST * width}px`;
}

function signs({ events, ...states }) {
  const lost = (states["dead-lettered"] ?? 0) + (states.failed ?? 0);
  const all = { event: events && `${events}`, done: states.done && `✓ ${states.done}`, open: states.open && `… ${states.open}`, lost: lost && `✕ ${lost}` };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text));
}

function pill(style, text) {
  const width = 12 + 7 * text.length;
  const words = node("text", { x: width / 2, y: 11.5, "text-anchor": "middle" });
  words.textContent = text;
  const group = node("g", { class: `pill ${style}` });
  group.append(node("rect", { width, height: 16, rx: 8 }), words);
  return { group, width };
}

function node(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The same numbers for those who do not see the picture, and what it has no room for. */
function table({ brokers }, key) {
  const broker = brokers.find((item) => `${item.namespace}/${item.name}` === key);
  if (!broker) return;
  const heads = ["Trigger", "asks for", "subscriber", "delivered", "open", "dead-lettered", "given up", "retries", "dead letters to"];
  const rows = broker.triggers.map((item) => [
    item.name, asks(item), item.subscriber ?? item.nowhere, item.counts.done ?? 0, item.counts.open ?? 0, item.counts["dead-lettered"] ?? 0,
    item.counts.failed ?? 0, item.retry, item.deadLetterSink ?? "nowhere"]);
  byId("table").replaceChildren(h("table", {},
    h("caption", { class: "sr" }, `Triggers of Broker ${key}`),
    h("thead", {}, h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...rows.map(([name, ...rest]) => h("tr", {}, h("th", { scope: "row" }, name), ...rest.map((text) => h("td", {}, String(text))))))));
}

function asks(trigger) {
  const filter = trigger.filters ?? trigger.filter?.attributes;
  return filter ? JSON.stringify(filter) : "every event";
}
