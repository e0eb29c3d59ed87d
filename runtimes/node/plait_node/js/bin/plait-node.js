#!/usr/bin/env node
'use strict';

const { version } = require('../package.json');
const { StartError } = require('../lib/errors');
const { find } = require('../lib/function');
const { read } = require('../lib/settings');
const { supervise } = require('../lib/parent');

const USAGE = 'usage: plait-node [-h] [--version] DIR';
const HELP = `${USAGE}

Serves the function in DIR/index.js: events are posted to http://HOST:PORT/.

The rest is in the environment: PORT, HOST, PLAIT_TIMEOUT, PLAIT_MAX_BODY, ...; see docs/runtimes/.
`;

/** @param {string[]} args */
function main(args) {
  if (args.includes('-h') || args.includes('--help')) return void process.stdout.write(HELP);
  if (args.includes('--version')) return void process.stdout.write(`plait-node ${version}\n`);
  if (args.length !== 1 || args[0].startsWith('-')) return fail(`${USAGE}\nplait-node: error: one DIR is wanted`);
  try {
    find(args[0]);
    supervise(args[0], read(process.env));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    fail(`plait-node: error: ${error.message}`);
  }
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}

main(process.argv.slice(2));
