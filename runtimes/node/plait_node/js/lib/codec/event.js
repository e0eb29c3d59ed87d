'use strict';

// The event that a function is given: the CloudEvents SDK's, with data that waits until asked for.

const { isDeepStrictEqual } = require('node:util');
const { CloudEvent } = require('cloudevents');
const { DataError } = require('../errors');
const { charset, isJson, isText } = require('./mediatype');
const { UTF8 } = require('./text');

/**
 * What came in: the data as bytes, and as the function sees it.
 *
 * @typedef {object} Received
 * @property {Buffer | undefined} raw the data as it came
 * @property {boolean} impliedJson a structured event without datacontenttype, whose data is JSON all the same (JSON
 *   format 1.0.2, section 3.1.2)
 * @property {boolean} read whether `value` is there
 * @property {any} value of `data`
 */

/** @type {WeakMap<object, Received>} */
const RECEIVED = new WeakMap();

// Not `class extends CloudEvent`: its constructor makes up an id and a time.
const PROTOTYPE = Object.create(CloudEvent.prototype, {
  toJSON: { value: toJSON, writable: true, configurable: true },
  rawData: { get: rawData, configurable: true },
});
const DATA = { get: data, enumerable: true };
const BASE64 = { get: base64, enumerable: true };

/**
 * An event of attributes that the codec has checked.
 *
 * @param {Record<string, any>} attributes
 * @param {Buffer | undefined} raw the data; undefined where the event has none
 * @param {boolean} [impliedJson] see Received
 * @returns {any} a CloudEvent of the SDK
 */
function received(attributes, raw, impliedJson = false) {
  const event = Object.assign(Object.create(PROTOTYPE), attributes);
  const type = attributes.datacontenttype;
  Object.defineProperty(event, 'data', DATA);
  if (raw !== undefined && !impliedJson && !(type && (isJson(type) || isText(type)))) {
    Object.defineProperty(event, 'data_base64', BASE64);
  }
  RECEIVED.set(event, { raw, impliedJson, read: raw === undefined, value: undefined });
  return Object.freeze(event);
}

/** The data: the value of JSON, the text of text/*, else bytes. @this {any} @throws {DataError} it is not the JSON it says */
function data() {
  const state = stateOf(this);
  if (!state.read) {
    state.value = read(/** @type {Buffer} */ (state.raw), this.datacontenttype, state.impliedJson);
    state.read = true;
  }
  return state.value;
}

/** The data as it came, byte for byte. @this {any} @returns {Buffer | undefined} */
function rawData() {
  return RECEIVED.get(this)?.raw;
}

/** As the SDK has it for data that is neither JSON nor text. @this {any} @returns {string | undefined} */
function base64() {
  return stateOf(this).raw?.toString('base64');
}

/** As the SDK's, but `time` as it was written: that one fails where there is none. @this {any} */
function toJSON() {
  const { data_base64: encoded, ...event } = this;
  if (encoded === undefined) return event;
  delete event.data;
  return { ...event, data_base64: encoded };
}

/** @param {any} event @returns {Received} */
function stateOf(event) {
  const state = RECEIVED.get(event);
  if (state === undefined) throw new TypeError('not an event that came in');
  return state;
}

/** @param {Buffer} raw @param {string | undefined} type @param {boolean} impliedJson */
function read(raw, type, impliedJson) {
  if (impliedJson || (type !== undefined && isJson(type))) return readJson(raw);
  return type !== undefined && isText(type) ? readText(raw, charset(type) ?? 'utf-8') : raw;
}

/** @param {Buffer} raw */
function readJson(raw) {
  try {
    return JSON.parse(UTF8.decode(raw));
  } catch (error) {
    throw new DataError(`the event's data is not JSON: ${/** @type {Error} */ (error).message}`);
  }
}

/** Text in another charset than it says, or in one that Node does not know, is given as bytes. @param {Buffer} raw @param {string} label */
function readText(raw, label) {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: !/^utf-16$/i.test(label) }).decode(raw);
  } catch {
    return raw;
  }
}

/**
 * The data bytes to pass on with an event that came in, where they still stand for what `data` gave: a function may
 * change that in place, and return the event.
 *
 * @param {any} event
 * @returns {Buffer | undefined}
 */
function passedOn(event) {
  const state = RECEIVED.get(event);
  if (state?.raw === undefined || !state.read || typeof state.value !== 'object' || state.value === null) {
    return state?.raw;
  }
  if (Buffer.isBuffer(state.value) || isDeepStrictEqual(readJson(state.raw), state.value)) return state.raw;
  return undefined;
}

/** @param {any} event @returns {boolean} see Received */
const isImpliedJson = (event) => RECEIVED.get(event)?.impliedJson === true;

/** Whether a value is an event of the SDK, of whichever copy of it; the test is faas-js-runtime's. @param {any} value */
const isEvent = (value) => value instanceof CloudEvent || value?.constructor?.name === 'CloudEvent';

module.exports = { isEvent, isImpliedJson, passedOn, received };
