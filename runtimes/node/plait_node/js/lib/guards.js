'use strict';

// What a function may do to the process, and what becomes of it: one event's failure, not the end of the others'.

const { AsyncLocalStorage } = require('node:async_hooks');
const { complain, traceback } = require('./log');

/**
 * The event that the code running now was called for, across callbacks and promises.
 *
 * @type {AsyncLocalStorage<{ fail: (error: any) => void, event: any }>}
 */
const current = new AsyncLocalStorage();

/** process.exit() in a function. */
class ExitError extends Error {
  /** @param {any} code */
  constructor(code) {
    super(`the function called process.exit(${code ?? ''})`);
    this.name = 'ExitError';
  }
}

/** From now on, process.exit() while an event is handled is a failure, and so is what nobody catches. */
function guard() {
  const exit = process.exit;
  process.exit = /** @type {typeof process.exit} */ (
    (code) => {
      if (current.getStore() !== undefined) throw new ExitError(code);
      return exit.call(process, code);
    }
  );
  const contain = (/** @type {any} */ error, /** @type {string} */ what) => {
    const call = current.getStore();
    complain(what, { event_id: call?.event.id, traceback: traceback(error) });
    call?.fail(error);
  };
  process.on('uncaughtException', (error) => contain(error, 'an exception that nobody caught'));
  process.on('unhandledRejection', (error) => contain(error, 'a rejection that nobody caught'));
}

module.exports = { current, guard };
