// What the page asks the broker: docs/local-broker.md, "API".

const API = "/_plait/api/";
const SILENCE = 25000; // the broker gives a sign of life every 10 s
const PAUSES = [500, 1000, 2000, 3000];

/** The JSON of an answer. Throws an Error with the broker's words. */
export async function ask(path, options = {}) {
  const response = await fetch(API + path, { ...options, headers: { "Content-Type": "application/json" } });
  const found = await response.json();
  if (!response.ok) throw new Error(found.error);
  return found;
}

export const post = (path, body) => ask(path, { method: "POST", body: body ? JSON.stringify(body) : undefined });

/** `key=value&...` of what is set. */
export function query(values) {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
}

/**
 * Follow the events for good: again and again where the broker goes away, not while nobody looks at the page.
 * @param onEvents takes events that came together
 * @param onState takes "live" (each time there is a connection) or "gone"
 */
export async function follow(onEvents, onState) {
  for (let failures = 0; ; ) {
    await shown();
    const began = new AbortController();
    const stop = () => document.hidden && began.abort();
    document.addEventListener("visibilitychange", stop);
    try {
      await read(began, (events) => { failures = 0; onEvents(events); }, () => { failures = 0; onState("live"); });
    } catch { /* it is gone, or nobody looks: both are told below */ }
    document.removeEventListener("visibilitychange", stop);
    if (document.hidden) continue;
    onState("gone");
    await pause(PAUSES[Math.min(failures++, PAUSES.length - 1)]);
  }
}

async function read(abort, onEvents, onOpen) {
  let watch = setTimeout(() => abort.abort(), SILENCE);
  try {
    const response = await fetch(`${API}events?follow=1&limit=0`, { signal: abort.signal });
    if (!response.ok) throw new Error(response.statusText);
    onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), SILENCE);
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      onEvents(lines.filter(Boolean).map((line) => JSON.parse(line)));
    }
  } finally {
    clearTimeout(watch);
  }
}

const pause = (wait) => new Promise((resolve) => setTimeout(resolve, wait));

function shown() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
}
