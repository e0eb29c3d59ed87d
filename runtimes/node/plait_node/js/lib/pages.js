'use strict';

// Everything but events: probes, metrics, a webhook's handshake.

const { page } = require('./answers');
const { complain, traceback } = require('./log');
const { CONTENT_TYPE } = require('./metrics');

/** @typedef {import('./answers').Answer} Answer */
/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('./function').HealthCheck} HealthCheck */

const PROBE_MS = 5000;

/** The pages of one worker. */
class Pages {
  /**
   * @param {import('./function').FunctionModule} module
   * @param {() => string} metrics
   */
  constructor({ liveness, readiness }, metrics) {
    const alive = (/** @type {Request} */ request) => probe('liveness', liveness, request);
    const ready = (/** @type {Request} */ request) => probe('readiness', readiness, request);
    /** @type {[string, (request: Request) => Answer | Promise<Answer>][]} */
    const pages = [
      [liveness?.path ?? '/health/liveness', alive],
      [readiness?.path ?? '/health/readiness', ready],
      ['/health/liveness', alive],
      ['/health/readiness', ready],
      ['/metrics', () => page(200, metrics(), ['content-type', CONTENT_TYPE])],
    ];
    this.pages = new Map(pages);
  }

  /** @param {Request} request @param {string} path @returns {Promise<Answer>} */
  async answer(request, path) {
    if (path === '/') {
      return request.method === 'OPTIONS' ? handshake(request) : notAllowed('POST, OPTIONS');
    }
    const found = this.pages.get(path);
    if (found === undefined) return page(404, 'no such page: events are posted to /\n');
    return request.method === 'GET' || request.method === 'HEAD' ? found(request) : notAllowed('GET, HEAD');
  }
}

/** @param {string} allowed */
const notAllowed = (allowed) => page(405, 'method not allowed\n', ['allow', allowed]);

/** HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 4: any origin may send. @param {Request} request */
function handshake(request) {
  const origin = String(request.headers['webhook-request-origin'] ?? '*');
  return page(200, '', ['allow', 'POST, OPTIONS'], ['webhook-allowed-origin', origin], ['webhook-allowed-rate', '*']);
}

/**
 * Asks a health check of faas-js-runtime's kind: it says no by a status above 399, by false, or by throwing.
 *
 * @param {string} name
 * @param {HealthCheck | undefined} check
 * @param {Request} request
 */
async function probe(name, check, request) {
  if (check === undefined) return page(200, 'ok\n');
  const reply = new ProbeReply();
  try {
    const result = await Promise.race([check(request, reply), late(name)]);
    return reply.statusCode < 400 && result !== false ? page(200, 'ok\n') : page(503, 'no\n');
  } catch (error) {
    complain(`${name} failed`, { traceback: traceback(error) });
    return page(503, 'no\n');
  }
}

/** @param {string} name @returns {Promise<never>} */
function late(name) {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${name} took longer than ${PROBE_MS} ms`)), PROBE_MS).unref();
  });
}

/** What of fastify's reply a health check uses: only the status goes on. */
class ProbeReply {
  statusCode = 200;

  /** @param {number} status */
  code(status) {
    this.statusCode = status;
    return this;
  }

  /** @param {number} status */
  status(status) {
    return this.code(status);
  }

  header() {
    return this;
  }

  headers() {
    return this;
  }

  type() {
    return this;
  }

  send() {
    return this;
  }
}

module.exports = { Pages };
