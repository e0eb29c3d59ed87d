'use strict';

// Counters of one worker process, in the text format of Prometheus, by the names that all runtimes of plait have.

const { OUTCOMES } = require('./answers');

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
// Seconds. A quick function takes less than the first, and PLAIT_TIMEOUT is 30 by default.
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What has happened since the worker started. */
class Metrics {
  constructor() {
    /** @type {Record<string, number>} */
    this.outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0]));
    this.buckets = new Array(BOUNDS.length + 1).fill(0);
    this.seconds = 0;
  }

  /** One answer more. @param {string} outcome @param {number} seconds that it took */
  add(outcome, seconds) {
    this.outcomes[outcome] += 1;
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    this.buckets[bucket === -1 ? BOUNDS.length : bucket] += 1;
    this.seconds += seconds;
  }

  /**
   * All of it, for a scrape.
   *
   * @param {number} inFlight events with the function now
   * @param {number} lost calls whose time was up and which go on
   */
  text(inFlight, lost) {
    const requests = Object.entries(this.outcomes).map(
      ([outcome, count]) => `plait_handler_requests_total{outcome="${outcome}"} ${count}`,
    );
    return [
      ...head('plait_handler_requests_total', 'counter', 'Requests that were to carry an event.'),
      ...requests,
      ...head('plait_handler_request_duration_seconds', 'histogram', 'From the headers to the answer.'),
      ...this.histogram('plait_handler_request_duration_seconds'),
      ...head('plait_handler_in_flight', 'gauge', 'Events with the function now.'),
      `plait_handler_in_flight ${inFlight}`,
      ...head('plait_handler_lost', 'gauge', 'Calls that go on after their time was up.'),
      `plait_handler_lost ${lost}`,
      '',
    ].join('\n');
  }

  /** @param {string} name */
  histogram(name) {
    let total = 0;
    const lines = [...BOUNDS, '+Inf'].map((bound, index) => {
      total += this.buckets[index];
      return `${name}_bucket{le="${bound}"} ${total}`;
    });
    return [...lines, `${name}_sum ${this.seconds.toFixed(6)}`, `${name}_count ${total}`];
  }
}

/** @param {string} name @param {string} kind @param {string} text */
const head = (name, kind, text) => [`# HELP ${name} ${text}`, `# TYPE ${name} ${kind}`];

module.exports = { CONTENT_TYPE, Metrics };
