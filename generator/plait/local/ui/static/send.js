// The form that sends an event.

import { ask, post, query } from "./api.js";
import { byId, h, later, say } from "./dom.js";

const OWN = ["type", "source", "id", "datacontenttype"];
const EXAMPLE = '{"hello": "world"}';

/** @param onSent takes the number of the event that was sent */
export function sender(onSent) {
  const dialog = byId("dialog"), form = byId("send"), fields = form.elements;
  let known = [], edited = false;

  /** Open the form. `given`: attributes, broker and data; `types`: attributes of events that the flow knows. */
  async function open(given, types = known) {
    known = types;
    edited = false;
    byId("refused").textContent = "";
    form.reset();
    brokers(given.broker);
    dialog.showModal();
    fields.type.focus();
    fill(given);
    if (given.data === undefined) await sample(given.type);
    fields.type.select();
  }

  function brokers(chosen) {
    const keys = [...byId("broker").options].map((item) => item.value);
    fields.broker.replaceChildren(...keys.map((key) => h("option", { value: key }, key)));
    fields.broker.value = chosen ?? keys[0] ?? "";
    fields.broker.parentElement.hidden = keys.length < 2;
  }

  function fill(given) {
    for (const name of OWN) fields[name].value = given[name] ?? "";
    const more = Object.entries(given).filter(([name]) => ![...OWN, "broker", "data"].includes(name));
    fields.more.value = more.map(([name, text]) => `${name}=${text}`).join("\n");
    if (given.data !== undefined) fields.data.value = given.data;
  }

  /** Content type and data of the last event of this type, while nobody has typed data. */
  async function sample(type) {
    if (edited) return;
    const last = type && (await ask(`events?${query({ type: type.replace(/[*?[]/g, ""), limit: 1 })}`).catch(() => null));
    const found = last?.events.length ? await ask(`events/${last.events[0].seq}`).catch(() => null) : null;
    if (edited || fields.type.value !== (type ?? "")) return;
    fields.source.value ||= found?.attributes.source ?? "";
    fields.data.value = found?.text ?? EXAMPLE;
    fields.datacontenttype.value = found?.attributes.datacontenttype ?? "application/json";
  }

  const chosen = later(() => {
    const given = known.find((item) => item.type === fields.type.value);
    if (!given) return;
    const { id, data } = Object.fromEntries(new FormData(form));
    fill({ ...given, id, data });
    sample(given.type);
  }, 150);

  async function submit(event) {
    event.preventDefault();
    const refused = byId("refused");
    try {
      const body = message();
      const found = await post("send", body);
      dialog.close();
      say(`Event ${found.seq} was sent.`);
      onSent(found.seq);
    } catch (error) {
      refused.textContent = error instanceof TypeError ? "The broker does not answer." : error.message;
    }
  }

  function message() {
    const { broker, data, more, ...own } = Object.fromEntries(new FormData(form));
    if (!own.type.trim()) throw new Error("An event needs a type.");
    const attributes = Object.fromEntries(Object.entries(own).filter(([, text]) => text.trim()).map(([name, text]) => [name, text.trim()]));
    for (const line of more.split("\n").filter((text) => text.trim())) {
      const [, name, text] = /^\s*([^=]+?)\s*=(.*)$/.exec(line) ?? [];
      if (!name) throw new Error(`"${line}" is not NAME=TEXT.`);
      attributes[name] = text;
    }
    return { broker, attributes, data: data === "" ? null : data };
  }

  form.addEventListener("submit", submit);
  form.addEventListener("input", (event) => {
    if (event.target === fields.data || event.target === fields.datacontenttype) edited = true;
    if (event.target === fields.type) chosen();
  });
  form.querySelector("[value=cancel]").addEventListener("click", () => dialog.close());
  return { open };
}
