// The list of events: the newest MOST that the filter lets through, live.

import { ask, query } from "./api.js";
import { byId, clock, h, isLost, later, STATES } from "./dom.js";

const MOST = 200;

/**
 * @param onChoose takes the number of the event that the cursor is on
 * @param onEnter takes the number of the event that is opened
 */
export function list(onChoose, onEnter) {
  const box = byId("list"), form = byId("filter");
  const events = new Map(), rows = new Map();
  let cursor = null, frame = 0, wanted = 0, known = [];

  const wish = () => Object.fromEntries(new FormData(form));
  const settle = later((seq) => onChoose(seq), 120);

  async function load() {
    const number = ++wanted;
    events.clear();
    const { type, source, id, lost } = wish();
    const asked = { type: glob(type), source: glob(source), id: glob(id), "dead-lettered": lost && "1", limit: MOST };
    const found = await ask(`events?${query(asked)}`).catch(() => ({ events: [] }));
    if (number !== wanted) return;
    // What the stream brought meanwhile is newer.
    for (const event of found.events) if (!events.has(event.seq)) events.set(event.seq, event);
    draw();
  }

  function add(found) {
    const filter = wish();
    for (const event of found) if (passes(event, filter)) events.set(event.seq, event);
    frame ||= requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    const seqs = [...events.keys()].sort((a, b) => b - a);
    for (const seq of seqs.splice(MOST)) events.delete(seq);
    for (const [seq, row] of rows) if (!events.has(seq)) { row.element.remove(); rows.delete(seq); }
    let before = box.firstChild;
    for (const seq of seqs) {
      const element = rowOf(events.get(seq));
      if (element === before) before = before.nextSibling;
      else box.insertBefore(element, before);
    }
    mark();
    byId("count").textContent = seqs.length < MOST ? `${seqs.length}` : `the newest ${MOST}`;
    empty(seqs.length);
  }

  function rowOf(event) {
    const found = rows.get(event.seq);
    if (found?.event === event) return found.element;
    const element = found?.element ?? h("li", { role: "option", id: `row-${event.seq}`, class: "row" });
    element.replaceChildren(...parts(event));
    rows.set(event.seq, { event, element });
    return element;
  }

  function mark() {
    for (const [seq, { element }] of rows) element.setAttribute("aria-selected", String(seq === cursor));
    if (rows.has(cursor)) box.setAttribute("aria-activedescendant", `row-${cursor}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function move(seq) {
    cursor = seq;
    mark();
    rows.get(seq)?.element.scrollIntoView({ block: "nearest" });
    settle(seq);
  }

  function empty(count) {
    const none = byId("none");
    none.hidden = count > 0;
    if (count) return;
    const { type, source, id, lost } = wish();
    if (type || source || id || lost) none.replaceChildren("No event is like this.");
    else none.replaceChildren("No event yet. Send one here, or from a shell:", h("pre", {}, example(known)));
  }

  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
  box.addEventListener("keydown", (event) => {
    const seqs = [...rows.keys()].sort((a, b) => b - a);
    if (event.key === "Enter" && cursor !== null) onEnter(cursor);
    if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey || !seqs.length) return;
    event.preventDefault();
    const at = seqs.indexOf(cursor);
    move(seqs[Math.min(Math.max(at < 0 ? 0 : at + steps[event.key], 0), seqs.length - 1)]);
  });
  box.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (row) onChoose(Number(row.id.slice(4)));
  });
  const reload = later(load, 200);
  form.addEventListener("input", reload);
  form.addEventListener("reset", () => setTimeout(load));
  form.addEventListener("submit", (event) => event.preventDefault());

  return {
    load,
    add,
    brokers: (found) => { known = found; empty(events.size); },
    choose: (reference) => { cursor = /^\d+$/.test(reference ?? "") ? Number(reference) : null; mark(); },
    filterType: (type) => { form.elements.type.value = type; load(); },
  };
}

/** Part of the text is enough; `*` stands for anything, what SQLite's GLOB has besides for itself. */
const glob = (text) => (text ? `*${text.replace(/[?[]/g, "[$&]")}*` : "");

function passes(event, { type, source, id, lost }) {
  const { attributes } = event;
  return like(attributes.type, type) && like(attributes.source, source) && like(attributes.id, id)
    && (!lost || event.deliveries.some((item) => isLost(item.state)));
}

function like(have, text) {
  if (!text) return true;
  const parts = text.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(parts.join(".*"), "s").test(have);
}

function parts(event) {
  const { attributes } = event;
  const origin = event.parent ? `answers #${event.parent}` : event.replayOf ? `#${event.replayOf} again` : "";
  return [
    h("span", { class: "line" }, h("b", {}, attributes.type), h("time", {}, clock(event.acceptedMs))),
    h("span", { class: "line small" },
      h("span", { class: "muted" }, `#${event.seq} · ${attributes.source}${origin && ` · ${origin}`}`),
      h("span", {}, event.contract ? h("span", { class: "chip open", title: event.contract.join("\n") }, "breaks contract") : null, chips(event))),
  ];
}

/** How many deliveries are in which state, as signs to see and words to hear. */
export function chips(event) {
  if (!event.deliveries.length) return h("span", { class: "chip none" }, "no Trigger");
  const counts = {};
  for (const item of event.deliveries) counts[item.state] = (counts[item.state] ?? 0) + 1;
  return h("span", {}, ...Object.entries(STATES).filter(([state]) => counts[state]).map(([state, [sign, style, word]]) =>
    h("span", { class: `chip ${style}`, title: `${counts[state]} ${word}` },
      h("span", { "aria-hidden": "true" }, `${sign} ${counts[state]}`), h("span", { class: "sr" }, `${counts[state]} ${word}`))));
}

function example(brokers) {
  const url = brokers[0]?.url ?? `${location.origin}/NAMESPACE/BROKER`;
  return `curl -X POST ${url} \\\n  -H 'ce-specversion: 1.0' -H 'ce-id: 1' -H 'ce-source: /me' \\\n  -H 'ce-type: com.example.hello' -H 'content-type: application/json' -d '{"hello": "world"}'`;
}
