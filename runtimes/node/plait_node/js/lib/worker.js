'use strict';

// One worker process: loads the function, serves it, and ends in an orderly way.

const { once } = require('node:events');
const { Bodies } = require('./bodies');
const { Calls } = require('./calls');
const { StartError } = require('./errors');
const { Events } = require('./events');
const { load } = require('./function');
const { guard } = require('./guards');
const { complain, journal, traceback } = require('./log');
const { Metrics } = require('./metrics');
const { Pages } = require('./pages');
const { Replies } = require('./reply');
const { Server } = require('./server');
const { longest, read } = require('./settings');

/** @typedef {import('./settings').Settings} Settings */

const HEARTBEAT_MS = 1000;
const exit = process.exit.bind(process);

/**
 * @param {string} directory of the function
 * @param {boolean} shares whether the parent has the listening socket already
 */
async function main(directory, shares) {
  process.once('disconnect', () => exit(1));
  const settings = read(process.env);
  guard();
  const module = await load(directory);
  const stop = stopper(settings, module);
  const server = assemble(settings, module, stop);
  await init(module);
  await listen(server, settings, shares);
  setInterval(() => tell('alive'), HEARTBEAT_MS).unref();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(server));
}

/** To the parent, where there is one. @param {string} message @param {any} [handle] */
function tell(message, handle) {
  if (process.connected) process.send?.(message, handle, undefined, () => {});
}

/**
 * @param {Settings} settings
 * @param {import('./function').FunctionModule} module
 * @param {(server: Server) => void} stop
 */
function assemble(settings, module, stop) {
  const metrics = new Metrics();
  const write = journal(settings.logLevel);
  const calls = new Calls(settings.concurrency, settings.timeout, () => {
    complain('so many calls go on after their time was up that this worker is replaced');
    tell('retiring');
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
    logLevel: settings.logLevel,
  });
  const pages = new Pages(module, () => metrics.text(calls.inFlight, calls.lost));
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

/** @param {Server} server @param {Settings} settings @param {boolean} shares */
async function listen(server, settings, shares) {
  if (shares) {
    const [, socket] = await once(process, 'message');
    await server.listen(socket);
    return tell('listening');
  }
  try {
    tell('listening', await server.listen(settings));
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
 * @param {import('./function').FunctionModule} module
 * @returns {(server: Server) => void}
 */
function stopper(settings, module) {
  let stopping = false;
  return async (server) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => exit(0), longest(settings) * 1000);
    await server.stop();
    try {
      await module.shutdown?.();
    } catch (error) {
      complain('shutdown failed', { traceback: traceback(error) });
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

main(process.argv[2], process.argv[3] === 'shares').catch(fail);
