'use strict';

// The parent of the worker processes, as gunicorn is for functions in Python: one that dies is replaced, one that
// stands still is killed first. It keeps the listening socket, which the first worker opens: while a worker is
// replaced, connections wait in the queue of that. (node:cluster closes the socket with the last worker.)

const { fork } = require('node:child_process');
const path = require('node:path');
const { complain } = require('./log');
const { longest } = require('./settings');

/** @typedef {import('node:child_process').ChildProcess} Worker */

const WORKER = path.join(__dirname, 'worker.js');
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
  const parent = new Parent(directory, settings);
  parent.fork();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => parent.stop());
}

class Parent {
  /** @param {string} directory @param {import('./settings').Settings} settings */
  constructor(directory, settings) {
    this.directory = directory;
    this.count = settings.workers;
    this.milliseconds = longest(settings) * 1000;
    this.stopping = false;
    this.code = 0;
    /** The listening socket, a handle of Node's own. @type {any} */
    this.socket = undefined;
    /** When each worker was heard of last. @type {Map<Worker, number>} */
    this.heard = new Map();
    setInterval(() => this.check(), CHECK_MS);
  }

  fork() {
    const shares = this.socket !== undefined;
    const worker = fork(WORKER, [this.directory, shares ? 'shares' : 'opens'], {
      env: { ...process.env, NODE_PATH: nodePath() },
      // A function that reads stdin finds its end, instead of waiting for a terminal.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    if (shares) worker.send('listen', this.socket, () => {});
    const state = { serves: false, retires: false };
    this.heard.set(worker, performance.now());
    worker.on('message', (message, handle) => this.hear(worker, state, message, handle));
    worker.on('exit', (code, signal) => this.exited(worker, state, code ?? signal));
  }

  /**
   * @param {Worker} worker
   * @param {{ serves: boolean, retires: boolean }} state
   * @param {any} message listening, alive, or retiring
   * @param {any} handle
   */
  hear(worker, state, message, handle) {
    this.heard.set(worker, performance.now());
    if (message === 'listening') {
      state.serves = true;
      if (handle !== undefined) this.share(handle);
    } else if (message === 'retiring' && !this.stopping) {
      state.retires = true;
      this.fork();
    }
  }

  /** The first worker serves: the others may come. @param {any} handle */
  share(handle) {
    this.socket = handle;
    if (this.stopping) return void handle.close();
    for (let number = 1; number < this.count; number += 1) this.fork();
  }

  /** @param {Worker} worker @param {{ serves: boolean, retires: boolean }} state @param {number | string | null} end */
  exited(worker, state, end) {
    this.heard.delete(worker);
    if (!state.serves && !this.stopping) {
      // It has said why; another would fail alike.
      this.code = Number(end) || 3;
      this.stop();
    }
    if (this.stopping) {
      if (this.heard.size === 0) process.exit(this.code);
    } else if (!state.retires) {
      complain(
        `worker ${worker.pid} ended (${typeof end === 'string' ? end : `exit code ${end}`}): another is started`,
      );
      this.fork();
    }
  }

  /** Kills workers that stand still. */
  check() {
    const oldest = performance.now() - this.milliseconds;
    for (const [worker, heard] of this.heard) {
      if (heard >= oldest) continue;
      complain(`worker ${worker.pid} stands still and is killed`);
      worker.kill('SIGKILL');
    }
  }

  stop() {
    if (this.stopping) return;
    this.stopping = true;
    this.socket?.close();
    this.signal('SIGTERM');
    setTimeout(() => this.signal('SIGKILL'), this.milliseconds + KILL * 1000);
    if (this.heard.size === 0) process.exit(this.code);
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    for (const worker of this.heard.keys()) worker.kill(signal);
  }
}

/** Where a function finds `plait-node` and `cloudevents`, if its own folder does not have them. */
function nodePath() {
  const installed = path.resolve(require.resolve('faas-js-runtime/package.json'), '..', '..');
  return [process.env.NODE_PATH, path.join(__dirname, '..'), installed].filter(Boolean).join(path.delimiter);
}

module.exports = { supervise };
