'use strict';

const { parse } = require('node:querystring');
const Context = require('faas-js-runtime/lib/context');

/** faas-js-runtime's context, of which what costs time waits until asked for. */
class EventContext extends Context {
  /** @type {any} */
  #event;
  /** @type {Buffer} */
  #raw;
  /** @type {import('./calls').Call} */
  #call;
  /** @type {() => import('pino').Logger} */
  #logger;

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {any} event
   * @param {Buffer} raw the body of the request
   * @param {import('./calls').Call} call
   * @param {() => import('pino').Logger} logger makes one whose lines carry the event's id
   */
  constructor(request, event, raw, call, logger) {
    super({ headers: request.headers, raw: request });
    this.query = queryOf(request.url ?? '');
    this.cloudevent = event;
    this.#event = event;
    this.#raw = raw;
    this.#call = call;
    this.#logger = logger;
  }

  /** The event's data. Set by faas-js-runtime's constructor, too early for us. @returns {any} */
  get body() {
    return this.#event.data;
  }

  set body(value) {
    own(this, 'body', value);
  }

  /** The body of the request, as text. @returns {string} */
  get rawBody() {
    return this.#raw.toString('utf8');
  }

  set rawBody(value) {
    own(this, 'rawBody', value);
  }

  /** A pino logger, whose lines carry the ids of the event and of the trace. @returns {import('pino').Logger} */
  get log() {
    const log = this.#logger();
    own(this, 'log', log);
    return log;
  }

  set log(value) {
    own(this, 'log', value);
  }

  /** Aborted when the time is up, or when the client is gone. */
  get signal() {
    return this.#call.signal;
  }

  /** Milliseconds left until the time is up. */
  get remaining() {
    return this.#call.deadline - performance.now();
  }
}

/** @param {EventContext} context @param {string} name @param {any} value */
function own(context, name, value) {
  if (value === undefined) return;
  Object.defineProperty(context, name, { value, writable: true, enumerable: true, configurable: true });
}

/** @param {string} url @returns {Record<string, any>} */
function queryOf(url) {
  const at = url.indexOf('?');
  return at === -1 ? {} : { ...parse(url.slice(at + 1)) };
}

module.exports = { EventContext };
