'use strict';

/** What stops the runtime from starting: the command prints it as a sentence and exits. */
class StartError extends Error {
  /**
   * @param {string} message
   * @param {unknown} [cause] what the user's own code threw
   */
  constructor(message, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StartError';
  }
}

/** The event is wrong and will be wrong next time too: 400, which a Broker does not retry. */
class Reject extends Error {
  /** @param {string} [reason] goes into the answer, and so into a dead letter's knativeerrordata */
  constructor(reason = 'the function rejected the event') {
    super(reason);
    this.name = 'Reject';
  }
}

/** The event is fine but not now: 503 with Retry-After, which a Broker retries. */
class RetryLater extends Error {
  /**
   * @param {number} [seconds] the least time to wait; rounded up to whole seconds
   * @param {string} [reason] goes into the answer
   */
  constructor(seconds = 1, reason = 'retry later') {
    super(reason);
    this.name = 'RetryLater';
    this.seconds = seconds;
  }
}

/** Data that is not what the event's datacontenttype says. A function that lets it pass answers 400. */
class DataError extends Reject {}

/**
 * Whether an error is of that name, by `name` or by `code`: so that a function needs no import for it.
 *
 * @param {any} error
 * @param {'Reject' | 'RetryLater'} name
 */
const isA = (error, name) => error?.name === name || error?.code === name;

module.exports = { DataError, Reject, RetryLater, StartError, isA };
