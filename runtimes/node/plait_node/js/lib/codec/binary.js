'use strict';

// Binary mode: attributes in headers, data in the body (HTTP binding 1.0.2, section 3.1).

const { V1, V03, check, versionOf } = require('./attributes');
const { CodecError } = require('./error');
const { isEvent, isImpliedJson, passedOn, received } = require('./event');
const { fromHeader, toHeader } = require('./text');

/** @typedef {[string, string][]} Headers names in small letters, values with a character for each byte */

/**
 * The event of a message in binary mode.
 *
 * @param {Headers} headers those that do not begin with `ce-` are passed over
 * @param {string | undefined} contentType
 * @param {Buffer} body the data; an event with an empty body has none
 * @throws {CodecError} no event, or not a valid one
 */
function decode(headers, contentType, body) {
  const attributes = Object.create(null);
  for (const [header, value] of headers) {
    if (!header.startsWith('ce-')) continue;
    const name = header.slice(3);
    if (name in attributes) throw new CodecError(`header '${header}' is there twice`);
    attributes[name] = fromHeader(name, value);
  }
  if ('datacontenttype' in attributes) {
    throw new CodecError("header 'ce-datacontenttype': in binary mode it is Content-Type that says so");
  }
  if (contentType !== undefined) attributes.datacontenttype = contentType;
  check(attributes, versionOf(attributes));
  return received(attributes, body.length === 0 ? undefined : body);
}

/**
 * An event in binary mode.
 *
 * @param {any} event of the SDK, or one that came in
 * @returns {{ headers: Headers, body: Buffer }}
 * @throws {CodecError} an attribute that is missing or wrong, or data that is no JSON
 */
function encode(event) {
  const attributes = attributesOf(event);
  const body = passedOn(event) ?? dataBytes(dataOf(event));
  if (attributes.datacontenttype === undefined) {
    const type = isImpliedJson(event) ? 'application/json' : typeOf(event.data);
    if (type !== undefined) attributes.datacontenttype = type;
  }
  const of = versionOf(attributes);
  check(attributes, of);
  return { headers: headersOf(attributes), body };
}

/**
 * The headers for attributes that have been checked.
 *
 * @param {Record<string, any>} attributes
 * @returns {Headers}
 * @throws {CodecError} a character that no attribute may have
 */
function headersOf(attributes) {
  return Object.entries(attributes).map(([name, value]) =>
    name === 'datacontenttype' ? ['content-type', value] : [`ce-${name}`, toHeader(name, String(value))],
  );
}

/** @param {any} event @returns {Record<string, any>} */
function attributesOf(event) {
  const attributes = Object.create(null);
  for (const name of Object.keys(event)) {
    if (name === 'data' || name === 'data_base64') continue;
    const value = event[name];
    if (value !== undefined && value !== null) attributes[name] = canonical(value);
  }
  return attributes;
}

/** The types of CloudEvents that JavaScript has no literal for, as text. @param {any} value */
function canonical(value) {
  if (value instanceof Date) return value.toISOString();
  return ArrayBuffer.isView(value) ? bytes(value).toString('base64') : value;
}

/** The SDK's event has data in base64 as bytes in `data`. @param {any} event */
function dataOf(event) {
  return event.data ?? (typeof event.data_base64 === 'string' ? Buffer.from(event.data_base64, 'base64') : undefined);
}

/**
 * What type data has that is not bytes, where the function did not say.
 *
 * @param {any} value
 * @returns {string | undefined}
 */
function typeOf(value) {
  if (value === undefined || value === null || isBytes(value)) return undefined;
  return typeof value === 'string' ? 'text/plain' : 'application/json';
}

/**
 * The bytes for data that a function made: bytes as they are, text in UTF-8, the rest as JSON.
 *
 * @param {any} value
 * @returns {Buffer}
 * @throws {CodecError} JSON cannot hold it
 */
function dataBytes(value) {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (isBytes(value)) return bytes(value);
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  let text;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new CodecError(`the data cannot be written as JSON: ${/** @type {Error} */ (error).message}`);
  }
  if (text === undefined) throw new CodecError(`the data cannot be written as JSON: it is a ${typeof value}`);
  return Buffer.from(text, 'utf8');
}

/** @param {any} value */
const isBytes = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

/** @param {any} value a view, or an ArrayBuffer @returns {Buffer} */
function bytes(value) {
  return value instanceof ArrayBuffer
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

module.exports = { V1, V03, dataBytes, decode, encode, headersOf, isBytes, isEvent };
