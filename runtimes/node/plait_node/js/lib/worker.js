'use strict';

// One worker process: loads the function, serves it, and ends in an orderly way.

const { Bodies } = require('./bodies');
const { Calls } = require('./calls');
const { StartError } = require('./errors');
const { Events } = require('./events');
const { load } = require('./function');
const { guard } = require('./guards');
const { journal, logger, traceback } = require('./log');
const { Metrics } = require('./metrics');
const { Pages } = require('./pages');
const { Replies } = require('./reply');
const { Server } = require('./server');
const { longest, read } = require('./settings');

/** @typedef {import('./settings').Settings} Settings */

const HEARTBEAT_MS = 1000;
const exit = process.exit.bind(process);

/** @param {string} directory of the function */
async function main(directory) {
  const settings = read(process.env);
  const log = logger('plait_node', settings.logLevel);
  guard(log);
  const module = await load(directory);
  const stop = stopper(settings, log, module);
  const server = assemble(settings, log, module, stop);
  await init(module);
  await listen(server, settings);
  setInterval(() => process.send?.('alive'), HEARTBEAT_MS).unref();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(server));
}

/**
 * @param {Settings} settings
 * @param {import('pino').Logger} log
 * @param {import('./function').FunctionModule} module
 * @param {(server: Server) => void} stop
 */
function assemble(settings, log, module, stop) {
  const metrics = new Metrics();
  const write = journal(settings.logLevel);
  const calls = new Calls(settings.concurrency, settings.timeout, () => {
    log.error('so many calls go on after their time was up that this worker is replaced');
    stop(server);
  });
  const events = new Events({
    module,
    replies: new Replies(settings.replyType, settings.replySource ?? module.name),
    bodies: new Bodies(settings.maxBody, settings.concurrency, settings.readTimeout),
    calls,
    record: (answer, event, traceId, milliseconds) => {
      metrics.add(answer.outcome, milliseconds / 1000);
      write(answer, event, traceId, milliseconds);
    },
    log: logger('function', settings.logLevel),
  });
  const pages = new Pages(module, () => metrics.text(calls.inFlight, calls.lost), log);
  const server = new Server(events, pages, settings.readTimeout);
  return server;
}

/** @param {import('./function').FunctionModule} module */
async function init(module) {
  try {
    await module.init?.();
  } catch (error) {
    throw new StartError('init failed', error);
  }
}

/** @param {Server} server @param {Settings} settings */
async function listen(server, settings) {
  try {
    await server.listen(settings.host, settings.port);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    const reason = code === 'EADDRINUSE' ? 'something listens there already' : message;
    throw new StartError(`cannot listen on ${settings.host}:${settings.port}: ${reason}`);
  }
}

/**
 * What ends the worker: once, and within bounds.
 *
 * @param {Settings} settings
 * @param {import('pino').Logger} log
 * @param {import('./function').FunctionModule} module
 * @returns {(server: Server) => void}
 */
function stopper(settings, log, module) {
  let stopping = false;
  return async (server) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => exit(0), longest(settings) * 1000);
    await server.stop();
    try {
      await module.shutdown?.();
    } catch (error) {
      log.error({ traceback: traceback(error) }, 'shutdown failed');
    }
    exit(0);
  };
}

/** The sentence, after the user's own traceback where there is one. @param {any} error */
function fail(error) {
  const own = error.cause === undefined ? '' : `${traceback(error.cause)}\n`;
  const sentence = error instanceof StartError ? error.message : traceback(error);
  process.stderr.write(`${own}plait-node: error: ${sentence}\n`);
  exit(3);
}

main(process.argv[2]).catch(fail);
