'use strict';

// Attribute values as text: which characters they may have, and how a header carries them (HTTP binding 1.0.2,
// section 3.1.3.2; CloudEvents 1.0.2, "Type System", String).

const { CodecError } = require('./error');

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const PLANES = Array.from({ length: 17 }, (_, plane) => plane.toString(16));
const NONCHARACTERS = PLANES.map((plane) => `\\u{${plane}fffe}\\u{${plane}ffff}`).join('');
// Control characters, surrogates and non-characters.
const FORBIDDEN = new RegExp(`[\\0-\\x1f\\x7f-\\x9f\\u{d800}-\\u{dfff}\\u{fdd0}-\\u{fdef}${NONCHARACTERS}]`, 'u');
const PLAIN = /^[ -~]*$/;
// Printable ASCII but space, double quote and percent goes into a header as it is.
const ENCODED = /[^!#$&-~]/;
const ENCODED_RUNS = /[^!#$&-~]+/g;
const QUOTED = /^"(?:[^"\\]|\\[^])*"$/;

/**
 * The text, where it has only characters that an attribute may have.
 *
 * @param {string} name of the attribute
 * @param {string} text
 * @returns {string}
 * @throws {CodecError} it has a control character, a surrogate or a non-character
 */
function checkCharacters(name, text) {
  if (PLAIN.test(text)) return text;
  const found = FORBIDDEN.exec(text);
  if (found === null) return text;
  const code = /** @type {number} */ (found[0].codePointAt(0)).toString(16).toUpperCase().padStart(4, '0');
  throw new CodecError(`attribute '${name}' has the forbidden character U+${code}`);
}

/**
 * The attribute that a header value stands for: quotes undone, then one round of percent-decoding. Bytes outside
 * ASCII are taken as UTF-8: a Knative Broker passes an attribute of a structured event on that way.
 *
 * @param {string} name of the attribute
 * @param {string} value a character for each byte, as Node gives headers
 * @returns {string}
 * @throws {CodecError} not UTF-8, or a character that no attribute may have
 */
function fromHeader(name, value) {
  if (PLAIN.test(value) && !value.includes('%') && !value.includes('"')) return value;
  let text;
  try {
    text = UTF8.decode(percentDecoded(unquoted(UTF8.decode(Buffer.from(value, 'latin1')))));
  } catch {
    throw new CodecError(`header 'ce-${name}' is not UTF-8 once percent-decoded`);
  }
  return checkCharacters(name, text);
}

/**
 * Without the double quotes and backslashes of RFC 7230, section 3.2.6, where it has them all around.
 *
 * @param {string} text
 */
function unquoted(text) {
  return QUOTED.test(text) ? text.slice(1, -1).replace(/\\([^])/g, '$1') : text;
}

/**
 * A percent sign that no two hexadecimal digits follow stands for itself.
 *
 * @param {string} text
 * @returns {Buffer}
 */
function percentDecoded(text) {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const decoded = bytes.replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(decoded, 'latin1');
}

/**
 * The header value for an attribute: percent-encoded UTF-8.
 *
 * @param {string} name of the attribute
 * @param {string} text
 * @returns {string}
 * @throws {CodecError} a character that no attribute may have
 */
function toHeader(name, text) {
  if (!ENCODED.test(text)) return text;
  return checkCharacters(name, text).replace(ENCODED_RUNS, percentEncoded);
}

/** @param {string} run */
function percentEncoded(run) {
  return Buffer.from(run, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&');
}

module.exports = { UTF8, checkCharacters, fromHeader, toHeader };
