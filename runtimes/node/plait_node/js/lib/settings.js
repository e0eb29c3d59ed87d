'use strict';

// What the environment says: limits, replies, logs. Read once, when the server starts.

const { StartError } = require('./errors');

const LOG_LEVELS = ['debug', 'info', 'warning', 'error'];
const LARGEST_PORT = 65535;
// Seconds beyond PLAIT_TIMEOUT until a worker whose event loop stands still is killed, and until the end after SIGTERM.
const STANDSTILL = 5;

/**
 * The settings of one server; each field is one variable, and times are in seconds.
 *
 * @typedef {object} Settings
 * @property {number} timeout
 * @property {number} maxBody bytes
 * @property {number} concurrency
 * @property {number} readTimeout
 * @property {string | undefined} replyType
 * @property {string | undefined} replySource
 * @property {string} logLevel one of LOG_LEVELS
 * @property {number} workers
 * @property {string} host
 * @property {number} port
 */

/**
 * The settings that the variables give; an empty variable is as one that is not set.
 *
 * @param {NodeJS.ProcessEnv} environ
 * @returns {Settings}
 * @throws {StartError} a value that cannot be; the message names the variable
 */
function read(environ) {
  return {
    timeout: seconds(environ, 'PLAIT_TIMEOUT', 30),
    maxBody: count(environ, 'PLAIT_MAX_BODY', 1024 * 1024),
    concurrency: count(environ, 'PLAIT_CONCURRENCY', 100),
    readTimeout: seconds(environ, 'PLAIT_READ_TIMEOUT', 10),
    replyType: environ.PLAIT_REPLY_TYPE || undefined,
    replySource: environ.PLAIT_REPLY_SOURCE || undefined,
    logLevel: choice(environ, 'PLAIT_LOG_LEVEL', 'info', LOG_LEVELS),
    workers: count(environ, 'PLAIT_WORKERS', 1),
    host: environ.HOST || '127.0.0.1',
    port: port(environ, 'PORT', 8080),
  };
}

/** @param {NodeJS.ProcessEnv} environ @param {string} name @param {number} otherwise */
function seconds(environ, name, otherwise) {
  const text = environ[name];
  if (!text) return otherwise;
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) {
    throw new StartError(`${name}=${text}: must be a number of seconds above 0, such as 30 or 0.5`);
  }
  return value;
}

/** @param {NodeJS.ProcessEnv} environ @param {string} name @param {number} otherwise */
function count(environ, name, otherwise) {
  const text = environ[name];
  if (!text) return otherwise;
  if (!/^\d+$/.test(text) || Number(text) === 0)
    throw new StartError(`${name}=${text}: must be a whole number above 0`);
  return Number(text);
}

/** @param {NodeJS.ProcessEnv} environ @param {string} name @param {number} otherwise */
function port(environ, name, otherwise) {
  const value = count(environ, name, otherwise);
  if (value > LARGEST_PORT) throw new StartError(`${name}=${value}: a port is ${LARGEST_PORT} at the most`);
  return value;
}

/** @param {NodeJS.ProcessEnv} environ @param {string} name @param {string} otherwise @param {string[]} choices */
function choice(environ, name, otherwise, choices) {
  const text = (environ[name] || otherwise).toLowerCase();
  if (!choices.includes(text)) throw new StartError(`${name}=${text}: must be one of ${choices.join(', ')}`);
  return text;
}

/** @param {Settings} settings @returns {number} seconds, see STANDSTILL */
const longest = (settings) => Math.ceil(settings.timeout) + STANDSTILL;

module.exports = { LOG_LEVELS, longest, read };
