'use strict';

// Bodies of requests: read whole, and no larger than they may be.

const { NOTHING, full, incomplete, tooLarge } = require('./answers');

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('./answers').Answer} Answer */

// After a refusal the rest of a body is read and dropped for a while: a connection that is closed with bytes unread
// is reset, and the client may lose the answer.
const LINGER_MS = 2000;
const LINGER_BYTES = 16 * 1024 * 1024;

/** Reads the bodies of one worker, which together hold no more than `limit * concurrency` bytes. */
class Bodies {
  /** @param {number} limit bytes of one body @param {number} concurrency @param {number} readTimeout seconds */
  constructor(limit, concurrency, readTimeout) {
    this.limit = limit;
    this.concurrency = concurrency;
    this.milliseconds = readTimeout * 1000;
    this.held = 0;
  }

  /** What a body announces of itself, before it is read. @param {Request} request @returns {Answer | undefined} */
  refusal(request) {
    return Number(request.headers['content-length'] ?? 0) > this.limit ? tooLarge(this.limit) : undefined;
  }

  /**
   * Reads the whole body.
   *
   * @param {Request} request
   * @param {(body: Buffer | undefined, refusal: Answer | undefined) => void} done called once, with one of them
   */
  read(request, done) {
    const refusal = this.refusal(request);
    if (refusal !== undefined) return done(undefined, refusal);
    if (request.headers['content-length'] === '0' || isBare(request.headers)) return done(NOTHING, undefined);
    /** @type {Buffer[]} */
    const chunks = [];
    let size = 0;
    /** @param {Buffer | undefined} body @param {Answer} [refusal] */
    const finish = (body, refusal) => {
      clearTimeout(timer);
      request.off('data', take).off('end', end).off('close', lose);
      this.held -= size;
      done(body, refusal);
    };
    const take = (/** @type {Buffer} */ chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      this.held += chunk.length;
      if (size > this.limit) finish(undefined, tooLarge(this.limit));
      else if (this.held > this.limit * this.concurrency) finish(undefined, full(this.concurrency));
    };
    const end = () => finish(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    const lose = () => finish(undefined, incomplete());
    const timer = setTimeout(lose, this.milliseconds);
    request.on('data', take).on('end', end).on('close', lose);
  }
}

/** @param {import('node:http').IncomingHttpHeaders} headers of a request without a body */
const isBare = (headers) => headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;

/**
 * Reads and drops what is left of a body, within limits.
 *
 * @param {Request} request
 * @param {() => void} done
 */
function linger(request, done) {
  if (request.complete || request.destroyed) return done();
  let left = LINGER_BYTES;
  const finish = () => {
    clearTimeout(timer);
    request.off('data', drop).off('end', finish).off('close', finish);
    done();
  };
  const drop = (/** @type {Buffer} */ chunk) => {
    left -= chunk.length;
    if (left <= 0) finish();
  };
  const timer = setTimeout(finish, LINGER_MS);
  request.on('data', drop).on('end', finish).on('close', finish).resume();
}

module.exports = { Bodies, linger };
