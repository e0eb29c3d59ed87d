'use strict';

// Structured mode: all of the event in a JSON body (JSON format 1.0.2; for 0.3 that format's own rules).

const { V1, check, checkAllCharacters, versionOf } = require('./attributes');
const { CodecError } = require('./error');
const { received } = require('./event');
const { members } = require('./json');
const { charset, isJson } = require('./mediatype');
const { UTF8 } = require('./text');

/** @typedef {import('./json').Member} Member */

const DATA = ['data', 'data_base64'];
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Charsets that Node writes, and the characters that they have. @type {Record<string, [BufferEncoding, RegExp]>} */
const CHARSETS = {
  'utf-8': ['utf8', /^\P{Cs}*$/u],
  utf8: ['utf8', /^\P{Cs}*$/u],
  'utf-16': ['utf16le', /^\P{Cs}*$/u],
  'us-ascii': ['latin1', /^[\0-\x7f]*$/],
  'iso-8859-1': ['latin1', /^[\0-\xff]*$/],
};

/**
 * The event of a body of type application/cloudevents+json.
 *
 * @param {Buffer} body
 * @throws {CodecError} not JSON, no event, or not a valid one
 */
function decode(body) {
  const found = read(body);
  const attributes = Object.create(null);
  for (const [name, member] of found) {
    if (!DATA.includes(name) && member.value !== null) attributes[name] = attribute(member);
  }
  const version = versionOf(attributes);
  check(attributes, version);
  checkAllCharacters(attributes);
  return version === V1 ? eventV1(attributes, found) : eventV03(attributes, found);
}

/** @param {Buffer} body @returns {Map<string, Member>} */
function read(body) {
  try {
    return members(UTF8.decode(body));
  } catch (error) {
    throw new CodecError(`the body is not a CloudEvent in JSON: ${/** @type {Error} */ (error).message}`);
  }
}

/** A number with a fraction is none of the types of CloudEvents, 1.0 neither. @param {Member} member */
function attribute({ value, text }) {
  return typeof value === 'number' && !/^-?\d+$/.test(text) ? NaN : value;
}

/** @param {Record<string, any>} attributes @param {Map<string, Member>} found */
function eventV1(attributes, found) {
  const [data, encoded] = [found.get('data'), found.get('data_base64')];
  if (encoded === undefined || encoded.value === null) return plain(attributes, data);
  if (data !== undefined) throw new CodecError("the event has both 'data' and 'data_base64'");
  return received(attributes, fromBase64('data_base64', encoded.value));
}

/**
 * Data in base64 is decoded, and then nothing is encoded any more: datacontentencoding goes.
 *
 * @param {Record<string, any>} attributes
 * @param {Map<string, Member>} found
 */
function eventV03(attributes, found) {
  if (found.has('data_base64')) {
    throw new CodecError("'data_base64' is of CloudEvents 1.0; 0.3 has 'datacontentencoding'");
  }
  const { datacontentencoding: encoding, ...others } = attributes;
  const data = found.get('data');
  if (encoding === undefined) return plain(attributes, data);
  if (encoding.toLowerCase() !== 'base64') {
    throw new CodecError(`unknown datacontentencoding '${encoding}': known is 'base64'`);
  }
  return received(others, data === undefined || data.value === null ? undefined : fromBase64('data', data.value));
}

/** @param {Record<string, any>} attributes @param {Member | undefined} data */
function plain(attributes, data) {
  const implied = data !== undefined && attributes.datacontenttype === undefined;
  return received(attributes, dataBytes(data, attributes.datacontenttype), implied);
}

/**
 * The bytes of member `data`: JSON to the letter as it was written, or the content of the string.
 *
 * @param {Member | undefined} data
 * @param {string | undefined} type
 * @returns {Buffer | undefined}
 */
function dataBytes(data, type) {
  if (data === undefined) return undefined;
  if (type === undefined || isJson(type)) return encoded(data.text, 'utf-8');
  if (data.value === null) return undefined;
  if (typeof data.value !== 'string') throw new CodecError(`'data' of type '${type}' must be a string`);
  return encoded(data.value, charset(type) ?? 'utf-8');
}

/** @param {string} text @param {string} label */
function encoded(text, label) {
  const known = CHARSETS[label.toLowerCase()];
  if (known === undefined || !known[1].test(text)) throw new CodecError(`'data' cannot be written in ${label}`);
  // Its byte order is told by a mark.
  return Buffer.from(known[0] === 'utf16le' ? `\ufeff${text}` : text, known[0]);
}

/** @param {string} name @param {any} value */
function fromBase64(name, value) {
  if (typeof value !== 'string' || !BASE64.test(value)) throw new CodecError(`'${name}' is not base64`);
  return Buffer.from(value, 'base64');
}

module.exports = { decode };
