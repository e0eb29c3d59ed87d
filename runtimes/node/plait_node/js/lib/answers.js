'use strict';

// What goes back: a status, headers, a body, and the word for it in logs and metrics.

/**
 * One answer.
 *
 * @typedef {object} Answer
 * @property {string} outcome of OUTCOMES
 * @property {number} status of HTTP
 * @property {[string, string][]} headers names in small letters; Content-Length is added when it is sent
 * @property {Buffer} body of a 2xx, only an event's data
 * @property {string} [reason] for the log, where there is more to say than the status does
 * @property {any} [error] what the function threw, for the log
 */

const OUTCOMES = [
  'reply',
  'no_reply',
  'malformed',
  'rejected',
  'incomplete',
  'too_large',
  'unsupported',
  'full',
  'failed',
  'retry_later',
  'timed_out',
  'client_gone',
];
const NOTHING = Buffer.alloc(0);
/** @type {[string, string]} */
const TEXT = ['content-type', 'text/plain; charset=utf-8'];

/**
 * An answer that is a sentence.
 *
 * @param {string} outcome
 * @param {number} status
 * @param {string} message
 * @param {[string, string][]} headers
 * @returns {Answer}
 */
function text(outcome, status, message, ...headers) {
  return { outcome, status, headers: [TEXT, ...headers], body: Buffer.from(`${message}\n`), reason: message };
}

/** 413. The connection ends: the rest of the body is not read. @param {number} limit */
const tooLarge = (limit) => text('too_large', 413, `the body is larger than ${limit} bytes (PLAIT_MAX_BODY)`);

/** 408: the body did not come, or not in time. */
const incomplete = () => text('incomplete', 408, 'the body did not arrive in time (PLAIT_READ_TIMEOUT)');

/** 429: as many events as there may be are with the function. @param {number} limit */
const full = (limit) => text('full', 429, `${limit} events are in progress (PLAIT_CONCURRENCY)`, ['retry-after', '1']);

/**
 * 500. What went wrong is in the log, with the event's id, and not in the answer.
 *
 * @param {string} [reason]
 * @param {any} [error]
 * @returns {Answer}
 */
function failed(reason = 'the function failed', error = undefined) {
  return { outcome: 'failed', status: 500, headers: [TEXT], body: Buffer.from('the function failed\n'), reason, error };
}

/** 504: the function's time is up. @param {number} seconds */
const timedOut = (seconds) => text('timed_out', 504, `the function took longer than ${seconds} s (PLAIT_TIMEOUT)`);

/** 503, as the function asked for. @param {any} seconds @param {string} reason */
function retryLater(seconds, reason) {
  const wait = Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 1;
  return text('retry_later', 503, reason, ['retry-after', String(wait)]);
}

/** An answer that is no event's, which no log or metric counts. @param {number} status @param {string} body @param {[string, string][]} headers */
function page(status, body, ...headers) {
  const type = headers.some(([name]) => name === 'content-type') || body === '' ? [] : [TEXT];
  return { outcome: 'no_reply', status, headers: [...type, ...headers], body: Buffer.from(body) };
}

module.exports = { NOTHING, OUTCOMES, failed, full, incomplete, page, retryLater, text, timedOut, tooLarge };
