'use strict';

// The object that an HTTP function of faas-js-runtime returns: statusCode, headers, body. Where there is no body, all
// members besides are it, which the runtime of 2020 did, and the example of that time counts on.

/**
 * @typedef {object} Response
 * @property {number} status
 * @property {Map<string, string>} headers names in small letters
 * @property {any} body undefined where there is none
 */

const OWN = ['statusCode', 'statusMessage', 'headers', 'body'];

/**
 * Whether a returned value is such an object: it has a statusCode, or headers, or a body and nothing else.
 *
 * @param {any} value
 */
function isResponse(value) {
  if (typeof value !== 'object' || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  if (typeof value.statusCode === 'number' || isObject(value.headers)) return true;
  return value.body !== undefined && Object.keys(value).every((name) => OWN.includes(name));
}

/** @param {any} value */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param {any} value for which isResponse holds @returns {Response} */
function readResponse(value) {
  const { statusCode, statusMessage, headers, body, ...others } = value;
  const rest = Object.keys(others).length > 0 ? others : undefined;
  const pairs = Object.entries(headers ?? {}).filter(([, written]) => written !== undefined && written !== null);
  return {
    status: statusCode ?? 200,
    headers: new Map(pairs.map(([name, written]) => [name.toLowerCase(), String(written)])),
    body: body === undefined ? rest : body,
  };
}

module.exports = { isResponse, readResponse };
