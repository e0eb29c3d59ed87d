'use strict';

// The parent of the worker processes, as gunicorn is for functions in Python: one that dies is replaced, one that
// stands still is killed first.

const path = require('node:path');
const { longest } = require('./settings');

const cluster = /** @type {import('node:cluster').Cluster} */ (/** @type {unknown} */ (require('node:cluster')));

const CHECK_MS = 1000;
// Seconds that a worker has to end itself, before it is killed.
const KILL = 2;

/**
 * Runs workers until SIGTERM.
 *
 * @param {string} directory of the function
 * @param {import('./settings').Settings} settings
 */
function supervise(directory, settings) {
  // Workers accept connections themselves: so one costs no hop, and while a worker is replaced they wait in the queue.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({
    exec: path.join(__dirname, 'worker.js'),
    args: [directory],
    // A function that reads stdin finds its end, instead of waiting for a terminal.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const parent = new Parent(settings);
  for (let count = 0; count < settings.workers; count += 1) parent.fork();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => parent.stop());
}

class Parent {
  /** @param {import('./settings').Settings} settings */
  constructor(settings) {
    this.milliseconds = longest(settings) * 1000;
    this.stopping = false;
    this.code = 0;
    /** When each worker was heard of last. @type {Map<import('node:cluster').Worker, number>} */
    this.heard = new Map();
    setInterval(() => this.check(), CHECK_MS);
  }

  fork() {
    const worker = cluster.fork({ NODE_PATH: nodePath() });
    let served = false;
    const hear = () => void this.heard.set(worker, performance.now());
    hear();
    worker.on('message', hear);
    worker.on('listening', () => {
      served = true;
    });
    worker.on('exit', (code, signal) => this.exited(worker, served, code, signal));
  }

  /** @param {import('node:cluster').Worker} worker @param {boolean} served @param {number | null} code @param {string | null} signal */
  exited(worker, served, code, signal) {
    this.heard.delete(worker);
    if (!served && !this.stopping) {
      // It has said why; another would fail alike.
      this.code = code || 3;
      this.stop();
    }
    if (!this.stopping) {
      if (signal !== null || code !== 0) log(`worker ${worker.process.pid} died (${signal ?? `exit code ${code}`})`);
      this.fork();
    } else if (this.heard.size === 0) process.exit(this.code);
  }

  /** Kills workers that stand still. */
  check() {
    const oldest = performance.now() - this.milliseconds;
    for (const [worker, heard] of this.heard) {
      if (heard >= oldest) continue;
      log(`worker ${worker.process.pid} stands still and is killed`);
      worker.process.kill('SIGKILL');
    }
  }

  stop() {
    if (this.stopping) return;
    this.stopping = true;
    for (const worker of this.heard.keys()) worker.process.kill('SIGTERM');
    setTimeout(() => {
      for (const worker of this.heard.keys()) worker.process.kill('SIGKILL');
    }, this.milliseconds + KILL * 1000);
  }
}

/** Where a function finds `plait-node` and `cloudevents`, if its own folder does not have them. */
function nodePath() {
  const installed = path.resolve(require.resolve('faas-js-runtime/package.json'), '..', '..');
  return [process.env.NODE_PATH, path.join(__dirname, '..'), installed].filter(Boolean).join(path.delimiter);
}

/** @param {string} message */
function log(message) {
  process.stderr.write(
    `${JSON.stringify({ time: new Date().toISOString(), level: 'error', logger: 'plait_node', message })}\n`,
  );
}

module.exports = { supervise };
