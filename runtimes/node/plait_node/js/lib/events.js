'use strict';

// A request with an event: its bytes to an event, to the function, to an answer.

const { CodecError, decode } = require('./codec');
const { failed, full, retryLater, text, timedOut } = require('./answers');
const { EventContext } = require('./context');
const { isA } = require('./errors');
const { Exchange } = require('./exchange');
const { current } = require('./guards');
const { functionLogger } = require('./log');
const { traceOf } = require('./tracing');

/** @typedef {import('./answers').Answer} Answer */
/** @typedef {import('./calls').Call} Call */

// faas-js-runtime binds a function to such an object.
const SCOPE = Object.freeze({});

/** Serves events; the fields are what one worker has one of. */
class Events {
  /**
   * @param {object} parts
   * @param {import('./function').FunctionModule} parts.module
   * @param {import('./reply').Replies} parts.replies
   * @param {import('./bodies').Bodies} parts.bodies
   * @param {import('./calls').Calls} parts.calls
   * @param {Exchange['record']} parts.record
   * @param {string} parts.logLevel
   */
  constructor({ module, replies, bodies, calls, record, logLevel }) {
    this.module = module;
    this.replies = replies;
    this.bodies = bodies;
    this.calls = calls;
    this.record = record;
    this.logLevel = logLevel;
    /** @type {import('pino').Logger | undefined} */
    this.log = undefined;
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  serve(request, response) {
    const exchange = new Exchange(request, response, this.record);
    this.bodies.read(request, (body, refusal) => {
      if (body === undefined) exchange.answer(/** @type {Answer} */ (refusal));
      else void this.handle(exchange, body);
    });
  }

  /** @param {Exchange} exchange @param {Buffer} body */
  async handle(exchange, body) {
    if (this.calls.full) return exchange.answer(full(this.calls.limit));
    const headers = pairs(exchange.request.rawHeaders);
    const trace = traceOf(headers);
    exchange.traceId = trace.id;
    try {
      exchange.event = decode(headers, body);
    } catch (error) {
      return exchange.answer(malformed(error));
    }
    const call = this.calls.begin(() => exchange.answer(timedOut(this.calls.seconds)));
    exchange.gone = () => this.calls.leave(call);
    const answer = await this.call(exchange, call, body);
    this.calls.end(call);
    exchange.answer(answer.status < 300 ? { ...answer, headers: [...answer.headers, ...trace.headers] } : answer);
  }

  /** @param {Exchange} exchange @param {Call} call @param {Buffer} body @returns {Promise<Answer>} */
  async call(exchange, call, body) {
    const { event, request, traceId } = exchange;
    const context = new EventContext(request, event, body, call, () => this.logger(event.id, traceId));
    const fail = (/** @type {any} */ error) => exchange.answer(failure(error));
    try {
      const value = await current.run({ fail, event }, () => this.module.handle.call(SCOPE, context, event));
      return this.replies.answer(value);
    } catch (error) {
      return failure(error);
    }
  }

  /** @param {string} id @param {string} traceId */
  logger(id, traceId) {
    this.log ??= functionLogger(this.logLevel);
    return this.log.child(traceId === '' ? { event_id: id } : { event_id: id, trace_id: traceId });
  }
}

/** @param {string[]} raw names and values, in turn @returns {[string, string][]} */
function pairs(raw) {
  /** @type {[string, string][]} */
  const headers = [];
  for (let at = 0; at < raw.length; at += 2) headers.push([raw[at].toLowerCase(), raw[at + 1]]);
  return headers;
}

/** @param {any} error @returns {Answer} */
function malformed(error) {
  if (!(error instanceof CodecError)) return failed('the event could not be read', error);
  return text(error.status === 415 ? 'unsupported' : 'malformed', error.status, error.message);
}

/** @param {any} error what the function threw @returns {Answer} */
function failure(error) {
  if (isA(error, 'Reject')) return text('rejected', 400, String(error.message || 'the function rejected the event'));
  if (isA(error, 'RetryLater')) return retryLater(error.seconds, String(error.message || 'retry later'));
  return failed(undefined, error);
}

module.exports = { Events };
