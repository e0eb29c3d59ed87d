'use strict';

// One request with an event, and the one answer to it.

const { linger } = require('./bodies');

/** @typedef {import('./answers').Answer} Answer */
/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/** @type {Answer} */
const GONE = { outcome: 'client_gone', status: 499, headers: [], body: Buffer.alloc(0) };

class Exchange {
  /**
   * @param {Request} request
   * @param {Response} response
   * @param {(answer: Answer, event: any, traceId: string, milliseconds: number) => void} record
   */
  constructor(request, response, record) {
    this.request = request;
    this.response = response;
    this.record = record;
    this.started = performance.now();
    this.answered = false;
    /** @type {any} */
    this.event = undefined;
    this.traceId = '';
    /** Called when the client goes before it was answered. @type {() => void} */
    this.gone = () => {};
    response.on('close', () => this.close());
  }

  /** The first answer counts; whatever the function returns later is dropped. @param {Answer} answer */
  answer(answer) {
    if (this.answered) return;
    this.answered = true;
    send(this.request, this.response, answer);
    this.record(answer, this.event, this.traceId, performance.now() - this.started);
  }

  close() {
    if (this.answered) return;
    this.answered = true;
    this.gone();
    this.record(GONE, this.event, this.traceId, 0);
  }
}

/**
 * Sends an answer. Where the body of the request was not read, the rest of it is dropped, and the connection ends.
 *
 * @param {Request} request
 * @param {Response} response
 * @param {Answer} answer
 */
function send(request, response, answer) {
  if (response.destroyed) return;
  const headers = answer.headers.flat();
  // A 204 has none (RFC 9110, section 15.3.5).
  if (answer.status !== 204) headers.push('content-length', String(answer.body.length));
  if (request.complete) return void response.writeHead(answer.status, headers).end(answer.body);
  response.writeHead(answer.status, [...headers, 'connection', 'close']);
  if (answer.body.length > 0 && request.method !== 'HEAD') response.write(answer.body);
  else response.flushHeaders();
  linger(request, () => response.end());
}

module.exports = { Exchange, send };
