'use strict';

// The events that are with the function now, and when their time is up. All have the same time, so the oldest is
// always due first: one timer is enough for all of them.

// Milliseconds; a longer one fires at once.
const LONGEST_TIMER = 2 ** 31 - 1;

/** One event with the function. */
class Call {
  /** @param {number} deadline on the clock of performance.now() @param {() => void} settle */
  constructor(deadline, settle) {
    this.deadline = deadline;
    this.settle = settle;
    this.gone = false;
    this.lost = false;
    /** @type {AbortController | undefined} */
    this.controller = undefined;
  }

  /** Aborted when the time is up or the client is gone. @returns {AbortSignal} */
  get signal() {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }
}

/** All calls of one worker. */
class Calls {
  /**
   * @param {number} limit most at once
   * @param {number} seconds that each may take
   * @param {() => void} exhausted called when as many calls as that go on after their time was up
   */
  constructor(limit, seconds, exhausted) {
    this.limit = limit;
    this.seconds = seconds;
    this.exhausted = exhausted;
    /** Whose time is not up, oldest first. @type {Set<Call>} */
    this.open = new Set();
    this.gone = 0;
    this.lost = 0;
    /** @type {NodeJS.Timeout | undefined} */
    this.timer = undefined;
  }

  /** Events with the function that somebody waits for. */
  get inFlight() {
    return this.open.size - this.gone;
  }

  /** Whether there are as many as there may be. */
  get full() {
    return this.inFlight >= this.limit;
  }

  /** A call begins now. @param {Call['settle']} settle answers for the function, when it does not */
  begin(settle) {
    const call = new Call(performance.now() + this.seconds * 1000, settle);
    this.open.add(call);
    if (this.timer === undefined) this.wait(call);
    return call;
  }

  /** The function came back. @param {Call} call */
  end(call) {
    if (call.lost) this.lost -= 1;
    else this.close(call);
  }

  /** The client is gone; the function may go on. @param {Call} call */
  leave(call) {
    if (!this.open.has(call)) return;
    call.gone = true;
    this.gone += 1;
    call.controller?.abort();
  }

  /** Its time is up; the function may go on. @param {Call} call */
  abandon(call) {
    this.close(call);
    call.lost = true;
    this.lost += 1;
    call.controller?.abort();
    if (this.lost >= this.limit) this.exhausted();
  }

  /** @param {Call} call */
  close(call) {
    this.open.delete(call);
    if (call.gone) this.gone -= 1;
  }

  /** @param {Call} call the oldest */
  wait(call) {
    const left = Math.ceil(call.deadline - performance.now());
    this.timer = setTimeout(() => this.expire(), Math.min(Math.max(1, left), LONGEST_TIMER));
  }

  expire() {
    this.timer = undefined;
    const now = performance.now();
    for (const call of this.open) {
      if (call.deadline > now) return this.wait(call);
      this.abandon(call);
      call.settle();
    }
  }
}

module.exports = { Call, Calls };
