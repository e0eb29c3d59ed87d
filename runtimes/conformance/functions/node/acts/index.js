// Does what the event's type says.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { CloudEvent } = require('cloudevents');
const { Reject, RetryLater } = require('plait-node');

const made = (type) => ({ id: '7', source: '/made', type, datacontenttype: 'application/json', data: { made: true } });

const ACTS = {
  object: () => ({ a: 1 }),
  list: () => [1, 2],
  text: () => 'text \u20ac',
  number: () => 5,
  boolean: () => false,
  bytes: () => Buffer.from([0, 255]),
  nothing: () => undefined,
  event: () => new CloudEvent(made('made')),
  nonsense: () => new Map(),
  broken: () => new CloudEvent(made(''), false),
  fail: () => {
    throw new Error('secret of the function');
  },
  reject: () => {
    throw new Reject('no order number');
  },
  retry: () => {
    throw new RetryLater(1, 'the database is away');
  },
  hang: () => {
    for (;;);
  },
  exit: () => process.exit(5),
  die: () => process.kill(process.pid, 'SIGKILL'),
  print: () => {
    console.log('to stdout');
    console.error('to stderr');
    return 'printed';
  },
  stdin: () => readFileSync(0, 'utf8') || 'nothing',
  program: () => execFileSync('/bin/echo', ['hello']),
};

module.exports = (context, event) => ACTS[event.type]();
