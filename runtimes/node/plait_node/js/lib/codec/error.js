'use strict';

/** A message that is no event, or an event that cannot be written. */
class CodecError extends Error {
  /**
   * @param {string} message
   * @param {number} [status] of HTTP: 400, or 415 for an event format other than JSON
   */
  constructor(message, status = 400) {
    super(message);
    this.name = 'CodecError';
    this.status = status;
  }
}

module.exports = { CodecError };
