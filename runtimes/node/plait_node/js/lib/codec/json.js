'use strict';

// A scanner of JSON objects that knows where in the text each value stands. What the values are, JSON.parse says.

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /[^\s,\]}"[{]+/y;
// Up to the next character that matters for where an array or an object ends.
const INSIDE = /[^"[\]{}]*/y;

/**
 * One member of an object.
 *
 * @typedef {object} Member
 * @property {any} value what JSON.parse makes of it
 * @property {string} text as it is written, to the letter
 */

/**
 * The members of the object that a JSON document is.
 *
 * @param {string} text
 * @returns {Map<string, Member>}
 * @throws {SyntaxError} not JSON, no object, or a member twice
 */
function members(text) {
  /** @type {Map<string, Member>} */
  const found = new Map();
  let at = skip(SPACE, text, after(text, skip(SPACE, text, 0), '{', 'no object'));
  while (text[at] !== '}') {
    const nameEnd = stringEnd(text, at);
    if (nameEnd === at) throw new SyntaxError('a name must be in double quotes');
    const name = JSON.parse(text.slice(at, nameEnd));
    if (found.has(name)) throw new SyntaxError(`member '${name}' is there twice`);
    const start = skip(SPACE, text, after(text, skip(SPACE, text, nameEnd), ':', "':' is missing"));
    const end = valueEnd(text, start);
    const written = text.slice(start, end);
    found.set(name, { value: JSON.parse(written), text: written });
    at = next(text, skip(SPACE, text, end));
  }
  if (skip(SPACE, text, at + 1) !== text.length) throw new SyntaxError('more text after the object');
  return found;
}

/** Past a comma, which another member must follow; or at the end of the object. @param {string} text @param {number} at */
function next(text, at) {
  if (text[at] === '}') return at;
  const then = skip(SPACE, text, after(text, at, ',', "',' is missing"));
  if (text[then] === '}') throw new SyntaxError('a comma before the end of the object');
  return then;
}

/** Where the value that begins at `at` ends, if it is one. @param {string} text @param {number} at */
function valueEnd(text, at) {
  if (text[at] === '"') return stringEnd(text, at);
  if (text[at] !== '{' && text[at] !== '[') return skip(SCALAR, text, at);
  for (let depth = 0; at < text.length;) {
    if (text[at] === '"') {
      const end = stringEnd(text, at);
      if (end === at) return text.length;
      at = end;
    } else {
      depth += text[at] === '{' || text[at] === '[' ? 1 : -1;
      at += 1;
    }
    if (depth === 0) return at;
    at = skip(INSIDE, text, at);
  }
  return at;
}

/**
 * The end of the string that begins at `at`; or `at`, where there is none. By hand: a regular expression takes stack
 * for each backslash.
 *
 * @param {string} text
 * @param {number} at
 */
function stringEnd(text, at) {
  if (text[at] !== '"') return at;
  for (let quote = text.indexOf('"', at + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return at;
}

/** @param {RegExp} pattern sticky @param {string} text @param {number} at @returns {number} the end of the match, or `at` */
function skip(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** @param {string} text @param {number} at @param {string} wanted @param {string} otherwise */
function after(text, at, wanted, otherwise) {
  if (text[at] !== wanted) throw new SyntaxError(otherwise);
  return at + 1;
}

module.exports = { members };
