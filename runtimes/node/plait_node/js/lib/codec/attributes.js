'use strict';

// Which attributes an event has, in each version of CloudEvents, and what they may be.

const { CodecError } = require('./error');
const { isMediaType } = require('./mediatype');
const { checkCharacters } = require('./text');
const { isTimestamp } = require('./timestamp');

/** @typedef {Record<string, any>} Attributes */
/** @typedef {{ name: string, texts: string[], names: Set<string> }} Version */

const REQUIRED = ['specversion', 'id', 'source', 'type'];
const NAME = /^[a-z0-9]+$/;
// Names that the HTTP binding and the JSON format keep for data.
const RESERVED = ['data', 'datacontenttype'];
// CloudEvents 1.0.2, "Type System": Integer.
const [SMALLEST, LARGEST] = [-(2 ** 31), 2 ** 31 - 1];

const V1 = version('1.0', ['subject', 'dataschema']);
const V03 = version('0.3', ['subject', 'schemaurl', 'datacontentencoding']);

/** @param {string} name @param {string[]} texts @returns {Version} */
function version(name, texts) {
  return { name, texts, names: new Set([...REQUIRED, 'time', 'datacontenttype', ...texts]) };
}

/**
 * The version that the attributes say they are of.
 *
 * @param {Attributes} attributes
 * @returns {Version}
 * @throws {CodecError} they name none, or one that is not known
 */
function versionOf(attributes) {
  const name = attributes.specversion;
  if (name === '1.0') return V1;
  if (name === '0.3') return V03;
  if (name === undefined) throw new CodecError('not a CloudEvent: no specversion');
  throw new CodecError(`unknown specversion '${name}': known are '1.0' and '0.3'`);
}

/**
 * Checks all attributes but their characters.
 *
 * @param {Attributes} attributes
 * @param {Version} of
 * @throws {CodecError} one is missing, empty, of a wrong type, or has a name that no attribute may have
 */
function check(attributes, of) {
  for (const name of REQUIRED) checkText(name, attributes[name]);
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (name === 'time') checkTime(value);
    else if (name === 'datacontenttype') checkMediaType(value);
    else if (of.texts.includes(name)) checkText(name, value);
    else if (!of.names.has(name)) checkExtension(name, value);
  }
}

/** @param {string} name @param {any} value */
function checkText(name, value) {
  if (value === undefined) throw new CodecError(`required attribute '${name}' is missing`);
  if (typeof value !== 'string') throw new CodecError(`attribute '${name}' is not a string but ${kind(value)}`);
  if (value === '') throw new CodecError(`attribute '${name}' is empty`);
}

/** @param {any} value */
function checkTime(value) {
  checkText('time', value);
  if (!isTimestamp(value)) throw new CodecError(`attribute 'time' is not an RFC 3339 timestamp: '${value}'`);
}

/** @param {any} value */
function checkMediaType(value) {
  checkText('datacontenttype', value);
  if (!isMediaType(value)) throw new CodecError(`attribute 'datacontenttype' is not a media type: '${value}'`);
}

/** @param {string} name @param {any} value */
function checkExtension(name, value) {
  if (!NAME.test(name) || RESERVED.includes(name)) {
    throw new CodecError(`'${name}' cannot be an attribute: a name is small letters and digits`);
  }
  if (typeof value === 'string' || typeof value === 'boolean') return;
  if (!Number.isInteger(value)) {
    throw new CodecError(`extension '${name}' is ${kind(value)}: it may be a string, an integer or a boolean`);
  }
  if (value < SMALLEST || value > LARGEST) {
    throw new CodecError(`extension '${name}' is an integer of more than 32 bits: ${value}`);
  }
}

/** @param {Attributes} attributes @throws {CodecError} see checkCharacters */
function checkAllCharacters(attributes) {
  for (const name of Object.keys(attributes)) {
    if (typeof attributes[name] === 'string') checkCharacters(name, attributes[name]);
  }
}

/** @param {any} value @returns {string} what it is, for a sentence */
function kind(value) {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a number with a fraction';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

module.exports = { V1, V03, check, checkAllCharacters, versionOf };
