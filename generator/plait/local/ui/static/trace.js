// The trace of one event as a picture (a tree, with a bar for each attempt on one axis of time) and as text.

import { clock, h, milliseconds, STATES } from "./dom.js";

const MOST_ROWS = 500;
const STAGES = { subscriber: "attempt", reply: "reply", "dead-letter": "dead letter" };

/** The picture. `go` takes the number of another event. */
export function traced(tree, go) {
  const axis = axisOf(tree);
  const left = { rows: MOST_ROWS };
  return h("div", { class: "trace" },
    h("div", { class: "axis", "aria-hidden": "true" }, h("span", {}, "0"), h("span", {}, milliseconds(axis.length))),
    h("ul", { class: "tree", "aria-label": "Trace" }, eventItem(tree, axis, left, null, go)),
    left.rows <= 0 ? h("p", { class: "muted" }, `The rest is not shown: plait trace ${tree.seq} tells all.`) : null);
}

/** From when the event was taken until the last that is known of it. */
function axisOf(tree) {
  let end = tree.acceptedMs;
  const look = (node) => {
    end = Math.max(end, node.acceptedMs);
    for (const trigger of node.triggers) {
      for (const attempt of trigger.attempts ?? []) end = Math.max(end, attempt.at + attempt.tookMs);
      if (trigger.due) end = Math.max(end, trigger.due);
      for (const reply of trigger.replies ?? []) look(reply);
    }
  };
  look(tree);
  return { start: tree.acceptedMs, length: Math.max(end - tree.acceptedMs, 1) };
}

function eventItem(node, axis, left, label, go) {
  left.rows -= 1;
  const { type, source } = node.attributes;
  const name = label ? h("a", { href: `#/event/${node.seq}`, onclick: () => go(node.seq) }, type) : h("b", {}, type);
  const taken = node.triggers.filter((item) => item.state).map((item) => triggerItem(item, node, axis, left, go));
  const absent = node.triggers.filter((item) => item.nowhere);
  const refused = node.triggers.filter((item) => !item.state && !item.nowhere);
  return h("li", { class: "event" },
    row([sign("●", "event"), label, name, h("span", { class: "muted" }, label ? `#${node.seq}` : `#${node.seq} from ${source}`)],
      bar(axis, "taken", node.acceptedMs, 0)),
    h("ul", {}, ...breaches(node, label), ...taken, ...absent.map((item) => absentItem(item, node)), refused.length ? refusedItem(refused, node, left, !taken.length) : null,
      node.triggers.length ? null : h("li", {}, row(["there is no Trigger"]))));
}

/** In what an answer breaks its contract; of the event itself that is told above. */
function breaches({ contract }, label) {
  return label && contract ? contract.map((text) => h("li", { class: "lost" }, `breaks its contract: ${text}`)) : [];
}

/** One that matches, and nobody is there to get it. */
function absentItem(trigger, node) {
  return h("li", {}, row([sign("–", "open"), h("b", {}, short(trigger, node)), h("span", { class: "open" }, trigger.reason)]));
}

/** Why the others did not get it: in sight where nobody did. */
function refusedItem(refused, node, left, open) {
  if (left.rows-- <= 0) return null;
  const reasons = refused.map((item) => h("li", {}, h("b", {}, short(item, node)), ` ${item.reason}`));
  const names = refused.map((item) => short(item, node)).join(", ");
  return h("li", { class: "refused" }, h("details", { id: `refused-${node.seq}`, open },
    h("summary", { id: `refused-${node.seq}-title` }, `not matched: ${names}`), h("ul", {}, ...reasons)));
}

const short = (trigger, node) => trigger.trigger.replace(`${node.broker.split("/")[0]}/`, "");

function triggerItem(trigger, node, axis, left, go) {
  if (left.rows-- <= 0) return null;
  const [mark, style, word] = STATES[trigger.state];
  return h("li", { class: "trigger" },
    row([sign(mark, style), h("b", {}, short(trigger, node)), h("span", { class: style }, word), address(trigger.attempts[0]?.url ?? "")]),
    h("ul", {},
      ...numbered(trigger.attempts).map(([attempt, title]) => attemptItem(attempt, title, axis, left)),
      ...coming(trigger, axis),
      ...trigger.replies.map((reply) => eventItem(reply, axis, left, "answers", go))));
}

function attemptItem(attempt, title, axis, left) {
  if (left.rows-- <= 0) return null;
  const style = attempt.error ? "lost" : attempt.stage === "dead-letter" ? "letter" : "done";
  const end = attempt.at + attempt.tookMs;
  return h("li", { class: "attempt" },
    row([h("span", {}, title), h("span", { class: `status ${style}` }, answered(attempt)),
      h("span", { class: "muted" }, `${milliseconds(attempt.tookMs)}${waits(attempt)}`),
      attempt.stage === "subscriber" ? null : address(attempt.url), attempt.error ? h("span", { class: "lost error" }, attempt.error) : null],
    bar(axis, style, attempt.at, attempt.tookMs, attempt.waitMs ? [end, attempt.waitMs] : null)));
}

function coming(trigger, axis) {
  if (trigger.state !== "open") return [];
  const due = trigger.due ? `, ${clock(trigger.due)}` : "";
  return [h("li", { class: "attempt" }, row([sign("…", "open"), h("span", { class: "open" }, `${STAGES[trigger.next ?? "subscriber"]} to come${due}`)],
    trigger.due ? bar(axis, "open", trigger.due, 0) : null))];
}

const address = (url) => h("span", { class: "muted url" }, url.replace(/^http:\/\//, ""));
const sign = (text, style = "") => h("span", { class: `sign ${style}`, "aria-hidden": "true" }, text);
const answered = (attempt) => (attempt.status === null ? "no answer" : String(attempt.status));
const waits = (attempt) => (!attempt.waitMs ? "" : `, then waits ${milliseconds(attempt.waitMs)}`);

function numbered(attempts) {
  const counts = {};
  return attempts.map((item) => [item, `${STAGES[item.stage]} ${(counts[item.stage] = (counts[item.stage] ?? 0) + 1)}`]);
}

function row(parts, picture = null) {
  const words = parts.filter(Boolean).flatMap((part) => [part, " "]);
  return h("div", { class: "step" }, h("div", { class: "words" }, ...words), picture ?? h("div", { class: "bar" }));
}

function bar(axis, style, at, took, wait = null) {
  const picture = h("div", { class: "bar", "aria-hidden": "true" });
  if (wait) picture.append(stretch(axis, "wait", ...wait));
  picture.append(stretch(axis, style, at, took));
  return picture;
}

function stretch(axis, style, at, length) {
  const mark = h("i", { class: style });
  const percent = (value) => `${Math.min(Math.max((100 * value) / axis.length, 0), 100)}%`;
  mark.style.left = `min(${percent(at - axis.start)}, 100% - 4px)`;
  mark.style.width = percent(Math.min(length, axis.start + axis.length - at));
  return mark;
}

/** The same as lines, to be copied. */
export function asText(node, indent = "", label = "") {
  const lines = [`${indent}${label}event ${node.seq} ${node.attributes.type} from ${node.attributes.source}`];
  for (const text of node.contract ?? []) lines.push(`${indent}  breaks its contract: ${text}`);
  for (const trigger of node.triggers) {
    lines.push(`${indent}  ${trigger.trigger}: ${trigger.state ? STATES[trigger.state][2] : trigger.nowhere ? trigger.reason : `not matched: ${trigger.reason}`}`);
    for (const [attempt, title] of numbered(trigger.attempts ?? [])) {
      lines.push(`${indent}    ${title}: ${answered(attempt)} in ${milliseconds(attempt.tookMs)} from ${attempt.url}${attempt.error && `: ${attempt.error}`}${waits(attempt)}`);
    }
    for (const reply of trigger.replies ?? []) lines.push(...asText(reply, `${indent}    `, "answers: "));
  }
  return lines;
}
