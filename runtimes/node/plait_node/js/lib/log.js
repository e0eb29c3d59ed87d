'use strict';

// Logs: one JSON object a line, on stderr.

const { LOG_LEVELS } = require('./settings');

/** A log that nobody can take stops no event. */
process.stderr.on('error', () => {});

/** @param {string} line without its end */
function write(line) {
  process.stderr.write(`${line}\n`);
}

const now = () => new Date().toISOString();

/**
 * One line about what went wrong besides a request.
 *
 * @param {string} message
 * @param {Record<string, any>} [fields]
 */
function complain(message, fields = {}) {
  write(JSON.stringify({ time: now(), level: 'error', logger: 'plait_node', message, ...fields }));
}

/**
 * The logger of the function's own lines: pino, as faas-js-runtime's context.log is, in the form of our lines. It is
 * loaded for functions that log.
 *
 * @param {string} level one of LOG_LEVELS: the least to write
 * @returns {import('pino').Logger}
 */
function functionLogger(level) {
  return require('pino').pino(
    {
      base: undefined,
      level: level === 'warning' ? 'warn' : level,
      messageKey: 'message',
      timestamp: () => `,"time":"${now()}"`,
      formatters: { level: (label) => ({ level: label === 'warn' ? 'warning' : label, logger: 'function' }) },
    },
    { write: (/** @type {string} */ line) => void process.stderr.write(line) },
  );
}

/**
 * Writes one line about a request. By hand: a logger takes several times as long.
 *
 * @param {string} least one of LOG_LEVELS
 * @returns {(answer: import('./answers').Answer, event: any, traceId: string, milliseconds: number) => void}
 */
function journal(least) {
  const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(least));
  return (answer, event, traceId, milliseconds) => {
    const level = levelOf(answer.status);
    if (!levels.includes(level)) return;
    let line =
      `{"time":"${now()}","level":"${level}","logger":"plait_node","message":"${answer.outcome}",` +
      `"status":${answer.status},"duration_ms":${milliseconds.toFixed(3)}`;
    if (event !== undefined) {
      line += `,"event_id":${JSON.stringify(event.id)},"event_type":${JSON.stringify(event.type)}`;
      line += `,"event_source":${JSON.stringify(event.source)}`;
    }
    if (traceId !== '') line += `,"trace_id":"${traceId}"`;
    if (answer.reason) line += `,"reason":${JSON.stringify(answer.reason)}`;
    if (answer.error !== undefined) line += `,"traceback":${JSON.stringify(traceback(answer.error))}`;
    write(`${line}}`);
  };
}

/** @param {number} status */
function levelOf(status) {
  if (status < 400) return 'info';
  return status < 500 ? 'warning' : 'error';
}

/** What was thrown, as text; anything may be. @param {any} error */
function traceback(error) {
  try {
    return typeof error?.stack === 'string' ? error.stack : String(error);
  } catch {
    return 'something that cannot be written as text';
  }
}

module.exports = { complain, functionLogger, journal, traceback };
