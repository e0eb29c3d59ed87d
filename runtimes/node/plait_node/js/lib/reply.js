'use strict';

// What a function returned, as the message that goes back: an event in binary mode, or nothing.

const { randomUUID } = require('node:crypto');
const { CodecError, decode, encode } = require('./codec');
const { V1, check } = require('./codec/attributes');
const { dataBytes, headersOf, isBytes, isEvent } = require('./codec/binary');
const { failed, text } = require('./answers');
const { StartError } = require('./errors');
const { isResponse, readResponse } = require('./response');

/** @typedef {import('./answers').Answer} Answer */
/** @typedef {import('./codec/binary').Headers} Headers */
/** @typedef {import('./response').Response} Response */

const NO_REPLY = Object.freeze({ outcome: 'no_reply', status: 204, headers: [], body: Buffer.alloc(0) });
const UNSET =
  'the function returned plain data, and PLAIT_REPLY_TYPE, the type of the event to wrap it in, is not set: set it' +
  ' (plait does, where there is one `emits` entry), or return a CloudEvent';

/** Makes replies. */
class Replies {
  /**
   * @param {string | undefined} type PLAIT_REPLY_TYPE
   * @param {string} source
   * @throws {StartError} they cannot be the type and source of an event
   */
  constructor(type, source) {
    /** @type {Headers | undefined} */
    this.wrapping = type === undefined ? undefined : wrapping({ specversion: '1.0', type, source });
  }

  /**
   * The answer for what a function returned. What cannot be sent is a 500, and the log says why.
   *
   * @param {any} value
   * @returns {Answer}
   */
  answer(value) {
    if (value === undefined || value === null) return NO_REPLY;
    try {
      if (isEvent(value)) return reply(encode(value));
      return isResponse(value) ? this.response(readResponse(value)) : this.wrapped(value);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return failed(`the function returned an event that cannot be sent: ${error.message}`);
    }
  }

  /** In the style of an HTTP function of faas-js-runtime. @param {Response} response @returns {Answer} */
  response({ status, headers, body }) {
    if (status < 200 || status > 599) return failed(`the function returned the status ${status}: 200 to 599 can be`);
    if (status >= 300) return refusal(status, headers, body);
    if (isByHand(headers)) return reply(encode(byHand(headers, body)));
    return body === undefined ? NO_REPLY : this.wrapped(body, headers.get('content-type'));
  }

  /** @param {any} value @param {string} [type] of the data, where the function said it @returns {Answer} */
  wrapped(value, type = contentType(value)) {
    if (type === undefined) return failed(`the function returned ${named(value)}: return a CloudEvent or plain data`);
    if (this.wrapping === undefined) return failed(UNSET);
    check({ specversion: '1.0', id: 'any', source: 'any', type: 'any', datacontenttype: type }, V1);
    /** @type {Headers} */
    const fresh = [['ce-id', randomUUID()], ['ce-time', new Date().toISOString()], ['content-type', type]]; // prettier-ignore
    return reply({ headers: [...this.wrapping, ...fresh], body: dataBytes(value) });
  }
}

/** @param {Record<string, string>} attributes @returns {Headers} */
function wrapping(attributes) {
  try {
    check({ ...attributes, id: 'any' }, V1);
    return headersOf(attributes);
  } catch (error) {
    throw new StartError(`PLAIT_REPLY_TYPE and PLAIT_REPLY_SOURCE: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {{ headers: Headers, body: Buffer }} message @returns {Answer} */
const reply = (message) => ({ outcome: 'reply', status: 200, ...message });

/** The function's own status. @param {number} status @param {Map<string, string>} headers @param {any} body @returns {Answer} */
function refusal(status, headers, body) {
  const sentence = typeof body === 'string' ? body : dataBytes(body).toString('utf8');
  /** @type {[string, string][]} */
  const kept = headers.has('retry-after') ? [['retry-after', String(headers.get('retry-after'))]] : [];
  return text(status < 500 ? 'rejected' : 'failed', status, sentence, ...kept);
}

/** @param {Map<string, string>} headers whether an event is written in them, or in the body */
function isByHand(headers) {
  const structured = /^application\/cloudevents/i.test(headers.get('content-type') ?? '');
  return structured || [...headers.keys()].some((name) => name.startsWith('ce-'));
}

/**
 * The event of a reply whose `ce-*` headers the function wrote itself. Its id is fresh: in the functions of this
 * style it stands in the code, and so it would be the same for each event.
 *
 * @param {Map<string, string>} headers
 * @param {any} body
 */
function byHand(headers, body) {
  const type = headers.get('content-type') ?? contentType(body);
  const all = new Map([...headers, ['ce-id', randomUUID()]]);
  if (type !== undefined) all.set('content-type', type);
  /** @type {Headers} */
  const bytes = [...all].map(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')]);
  return decode(bytes, dataBytes(body));
}

/** @param {any} value @returns {string | undefined} the type of plain data; undefined where it is none */
function contentType(value) {
  if (typeof value === 'string') return 'text/plain';
  if (isBytes(value)) return 'application/octet-stream';
  const json = typeof value === 'boolean' || Number.isFinite(value) || typeof value === 'object';
  return json && !(value instanceof Map || value instanceof Set) ? 'application/json' : undefined;
}

/** @param {any} value */
function named(value) {
  if (typeof value === 'number') return String(value);
  return typeof value === 'object' ? `a ${value.constructor.name}` : `a ${typeof value}`;
}

module.exports = { Replies };
