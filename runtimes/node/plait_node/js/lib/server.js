'use strict';

// The HTTP front: what is too much or too slow, and which request is whose.

const http = require('node:http');
const { page, text } = require('./answers');
const { send } = require('./exchange');

/** @typedef {http.IncomingMessage} Request */
/** @typedef {http.ServerResponse} Response */
/** @typedef {import('node:net').Socket} Socket */

// A Broker's dispatcher keeps an idle connection for 90 s (Go's http.DefaultTransport). The server waits longer, so
// that it is the dispatcher that closes: a request could cross with the server's closing.
const KEEPALIVE_MS = 120_000;
const CONNECTIONS = 4096;
const BACKLOG = 2048;
const HEADERS = 100;
const HEADER_BYTES = 16 * 1024;
const SWEEP_MS = 1000;
/** @type {Record<string, [number, string]>} */
const CLIENT_ERRORS = {
  HPE_HEADER_OVERFLOW: [431, 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the headers did not arrive in time'],
};

/** The server of one worker. */
class Server {
  /**
   * @param {import('./events').Events} events
   * @param {import('./pages').Pages} pages
   * @param {number} readTimeout seconds
   */
  constructor(events, pages, readTimeout) {
    this.events = events;
    this.pages = pages;
    this.milliseconds = readTimeout * 1000;
    /** When the end began, on the clock of performance.now(). @type {number | undefined} */
    this.stopped = undefined;
    /** All connections, and since when (on the clock of performance.now()) each has an answer that is not taken.
     * @type {Map<Socket, number | undefined>} */
    this.sockets = new Map();
    /** @type {Set<Response>} */
    this.open = new Set();
    this.server = http.createServer({
      maxHeaderSize: HEADERS * HEADER_BYTES,
      headersTimeout: this.milliseconds,
      requestTimeout: 0,
      keepAliveTimeout: KEEPALIVE_MS,
      connectionsCheckingInterval: SWEEP_MS,
    });
    this.server.maxHeadersCount = 0;
    setInterval(() => this.sweep(), SWEEP_MS).unref();
    this.server.on('connection', (socket) => this.connected(socket));
    this.server.on('clientError', clientError);
    this.server.on('request', (request, response) => this.serve(request, response));
    this.server.on('checkContinue', (request, response) => this.serve(request, response, true));
  }

  /**
   * @param {any} where a host and a port, or a socket that listens already
   * @returns {Promise<any>} the socket that listens, a handle of Node's own
   */
  listen(where) {
    const { host, port } = where;
    return new Promise((resolve, reject) => {
      const done = () => resolve(/** @type {any} */ (this.server)._handle);
      this.server.once('error', reject);
      if (port === undefined) this.server.listen(where, BACKLOG, done);
      else this.server.listen({ host, port, backlog: BACKLOG }, done);
    });
  }

  /** Takes no more connections, closes idle ones, and answers what is in flight. @returns {Promise<void>} */
  stop() {
    this.stopped = performance.now();
    for (const response of this.open) response.shouldKeepAlive = false;
    return new Promise((resolve) => void this.server.close(() => resolve()));
  }

  /** @param {Socket} socket */
  connected(socket) {
    this.sockets.set(socket, undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }

  /** Once a second: ends connections whose client does not take its answer; at the end, those without a request. */
  sweep() {
    const now = performance.now();
    for (const [socket, since] of this.sockets) {
      if (socket.writableLength === 0) this.sockets.set(socket, undefined);
      else if (since === undefined) this.sockets.set(socket, now);
      else if (now - since > this.milliseconds) socket.destroy();
    }
    if (this.stopped !== undefined) this.hangUp(now - this.stopped > this.milliseconds);
  }

  /**
   * Connections that no event is on. One that is new has its request on the way, most likely, and so had a second.
   *
   * @param {boolean} late whether half a request has had its time too: Node looks no more, once the server is closed
   */
  hangUp(late) {
    this.server.closeIdleConnections();
    const busy = new Set([...this.open].map((response) => response.req.socket));
    for (const socket of this.sockets.keys()) {
      if (socket.bytesRead === 0 || (late && !busy.has(socket))) socket.destroy();
    }
  }

  /** @param {Request} request @param {Response} response @param {boolean} [expects] the client waits for 100 Continue */
  serve(request, response, expects = false) {
    if (this.stopped !== undefined) response.shouldKeepAlive = false;
    this.open.add(response);
    response.on('close', () => this.open.delete(response));
    const refusal = this.refusal(request);
    if (refusal !== undefined) return send(request, response, refusal);
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== '/' || request.method !== 'POST') return void this.page(request, response, path);
    this.event(request, response, expects);
  }

  /** @param {Request} request @param {Response} response @param {boolean} expects */
  event(request, response, expects) {
    if (expects && this.events.bodies.refusal(request) === undefined) response.writeContinue();
    this.events.serve(request, response);
  }

  /** @param {Request} request @param {Response} response @param {string} path */
  async page(request, response, path) {
    const answer = await this.pages.answer(request, path);
    send(request, response, answer);
  }

  /** What is too much. @param {Request} request */
  refusal(request) {
    if (this.sockets.size > CONNECTIONS) {
      return page(503, `more than ${CONNECTIONS} connections\n`, ['retry-after', '1']);
    }
    const raw = request.rawHeaders;
    if (raw.length > 2 * HEADERS) return text('malformed', 431, `more than ${HEADERS} headers`);
    for (let at = 0; at < raw.length; at += 2) {
      if (raw[at].length + raw[at + 1].length > HEADER_BYTES) {
        return text('malformed', 431, `header '${raw[at].slice(0, 100)}' is larger than ${HEADER_BYTES} bytes`);
      }
    }
    return undefined;
  }
}

/** A request that cannot be read. @param {Error & { code?: string }} error @param {import('node:stream').Duplex} stream */
function clientError(error, stream) {
  const socket = /** @type {Socket} */ (stream);
  if (!socket.writable || socket.bytesRead === 0 || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, sentence] = CLIENT_ERRORS[error.code ?? ''] ?? [400, 'malformed HTTP'];
  const body = `${sentence}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nconnection: close\r\n` +
      `content-type: text/plain; charset=utf-8\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}

module.exports = { Server };
