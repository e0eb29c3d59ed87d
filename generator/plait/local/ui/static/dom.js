// The few helpers that every part uses. Text goes in as text: nothing here reads markup.

/** An element with attributes, listeners (onclick: function) and children (elements, texts, or nothing). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Said to screen readers. */
export function say(text) {
  byId("say").textContent = text;
}

/** One call of `work` for many calls, after `wait` ms without another. */
export function later(work, wait) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(work, wait, ...values);
  };
}

/** At most one run of `work` at a time, and one in `wait` ms, longer where a run takes long; none is left out at the end. */
export function paced(work, wait) {
  let timer = 0, busy = false, again = false;
  const run = async () => {
    timer = 0;
    busy = true;
    const began = performance.now();
    await work();
    busy = false;
    if (again) timer = setTimeout(run, Math.max(wait, 4 * (performance.now() - began)));
    again = false;
  };
  return () => {
    if (busy) again = true;
    else timer ||= setTimeout(run, wait);
  };
}

export function milliseconds(value) {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

export function clock(at) {
  const time = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

export function size(bytes) {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** What became of a delivery: its sign, its style, its word. */
export const STATES = {
  done: ["✓", "done", "delivered"],
  open: ["…", "open", "open"],
  "dead-lettered": ["✕", "lost", "dead-lettered"],
  failed: ["✕", "lost", "given up"],
};

export const isLost = (state) => state === "dead-lettered" || state === "failed";
