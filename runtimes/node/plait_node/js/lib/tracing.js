'use strict';

// W3C Trace Context: which headers go on with a reply (https://www.w3.org/TR/trace-context/).

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** @typedef {{ id: string, headers: [string, string][] }} Trace id: 32 hexadecimal digits, or empty */

/** @type {Trace} */
const NONE = { id: '', headers: [] };

/**
 * The trace that the headers name; none where traceparent is missing, is there twice or is malformed.
 *
 * @param {[string, string][]} headers
 * @returns {Trace}
 */
function traceOf(headers) {
  const parents = headers.filter(([name]) => name === 'traceparent');
  const found = parents.length === 1 ? TRACEPARENT.exec(parents[0][1]) : null;
  if (found === null) return NONE;
  const states = headers.filter(([name]) => name === 'tracestate').map(([, value]) => value);
  const state = states.join(',');
  return { id: found[1], headers: state === '' ? parents : [...parents, ['tracestate', state]] };
}

module.exports = { NONE, traceOf };
