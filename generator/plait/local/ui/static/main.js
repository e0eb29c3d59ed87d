// The page: one stream of news for the flow, the list and the trace.

import { ask, follow } from "./api.js";
import { detail } from "./detail.js";
import { byId, paced, say } from "./dom.js";
import { flow } from "./flow.js";
import { list } from "./list.js";
import { sender } from "./send.js";

const events = list((seq) => go(seq), (seq) => { go(seq); byId("detail-title").focus(); });
const send = sender(go);
const chosen = detail(go, send.open);
const picture = flow((type) => events.filterType(type));

function go(seq) {
  location.hash = `#/event/${encodeURIComponent(seq)}`;
}

function route() {
  const found = /^#\/event\/(.+)$/.exec(location.hash);
  const reference = found ? decoded(found[1]) : null;
  events.choose(reference);
  chosen.show(reference);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function onState(state) {
  const before = byId("state").dataset.state;
  byId("state").dataset.state = state;
  byId("state").textContent = state;
  const gone = byId("gone");
  gone.hidden = state !== "gone";
  const told = `The broker at ${location.host} does not answer. This page tries again by itself.`;
  if (state === "gone" && gone.textContent !== told) gone.textContent = told;
  if (state !== "live") return;
  gone.textContent = "";
  if (before === "gone") say("The broker is back.");
  events.load();
  chosen.refresh();
  brokers();
}

async function brokers() {
  const found = await ask("flow").catch(() => null);
  if (!found) return;
  const keys = found.brokers.map((item) => `${item.namespace}/${item.name}`);
  const select = byId("broker");
  const before = select.value;
  select.replaceChildren(...keys.map((key) => new Option(key, key, false, key === before)));
  byId("brokers").hidden = keys.length < 2;
  events.brokers(found.brokers);
  picture.load(select.value);
}

const refresh = paced(() => picture.load(byId("broker").value), 100);

function onEvents(found) {
  if (!found.length) return;
  events.add(found);
  chosen.news(found);
  refresh();
}

byId("broker").addEventListener("change", () => picture.load(byId("broker").value));
byId("compose").addEventListener("click", () => send.open({ ...picture.known()[0] }, picture.known()));
byId("detail").addEventListener("keydown", (event) => {
  if (event.key === "Escape") byId("list").focus();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address goes on naming the event
  byId("events").focus();
});
addEventListener("hashchange", route);
route();
follow(onEvents, onState);
