'use strict';

// CloudEvents over HTTP: binary and structured mode, versions 1.0 and 0.3, strict. Nothing is added, nothing is
// guessed, data bytes stay as they came, and whatever is wrong is a CodecError with the status that says so.

const binary = require('./binary');
const structured = require('./structured');
const { CodecError } = require('./error');
const { charset, essence } = require('./mediatype');

const UTF8 = ['utf-8', 'utf8', 'us-ascii'];

/**
 * The event that a message carries. A structured content type beats `ce-*` headers.
 *
 * @param {import('./binary').Headers} headers
 * @param {Buffer} body
 * @returns {any} an event of the SDK
 * @throws {CodecError} 400 for no event, one that is not valid, and a batch; 415 for an event format other than JSON
 */
function decode(headers, body) {
  let contentType;
  for (const [name, value] of headers) {
    if (name !== 'content-type') continue;
    if (contentType !== undefined) throw new CodecError("header 'content-type' is there twice");
    contentType = value;
  }
  if (contentType === undefined || !/^application\/cloudevents/i.test(contentType)) {
    return binary.decode(headers, contentType, body);
  }
  checkStructured(contentType);
  return structured.decode(body);
}

/** @param {string} contentType */
function checkStructured(contentType) {
  const kind = essence(contentType);
  if (kind.startsWith('application/cloudevents-batch')) {
    throw new CodecError('batch mode is not taken: send each event in a request of its own');
  }
  if (kind !== 'application/cloudevents+json') {
    throw new CodecError(`event format '${kind}' is not taken: application/cloudevents+json is`, 415);
  }
  const label = charset(contentType);
  if (label !== undefined && !UTF8.includes(label.toLowerCase())) {
    throw new CodecError(`charset '${label}' is not taken: JSON is UTF-8`, 415);
  }
}

module.exports = { CodecError, decode, encode: binary.encode };
