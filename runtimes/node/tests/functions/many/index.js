// Does what the event's type says.
const { CloudEvent } = require('cloudevents');
const { RetryLater } = require('plait-node');
const { existsSync } = require('node:fs');
const neighbour = require('./neighbour');

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const named = (name, more) => Object.assign(new Error(`by name: ${name}`), { name }, more);

const KINDS = {
  object: { a: 1 },
  string: 'text \u20ac',
  bytes: Buffer.from([0, 255]),
  typed: new Uint8Array([1, 2]),
  float: 1.5,
  zero: 0,
  null: null,
  undefined: undefined,
  map: new Map(),
  nan: NaN,
  bigint: { a: 1n },
  function: () => 1,
  symbol: Symbol('x'),
  body: { body: 'x', subject: 'y' },
};
KINDS.circular = { KINDS };
KINDS.circular.circular = KINDS.circular;

const DO = {
  plain: (context, event) => KINDS[event.subject],
  neighbour: () => neighbour,
  untyped: (context, event) => new CloudEvent({ type: 'made', source: '/made', data: KINDS[event.subject] }),
  data: (context, event) => ({ data: event.data }),
  text: (context, event) => ({ is: typeof event.data, data: event.data }),
  changed: (context, event) => {
    event.data.more = true;
    return event;
  },
  context: (context) => {
    context.log.info('at work');
    context.log.warn({ order: 7 }, 'see %s', 'there');
    return { prefer: context.headers.prefer, method: context.method, query: context.query, left: context.remaining > 0 };
  },
  raise: () => {
    throw new Error('secret of the function');
  },
  raise_nothing: () => {
    throw undefined;
  },
  raise_text: () => {
    throw 'a text';
  },
  reject_name: () => {
    throw named('Reject');
  },
  reject_code: () => {
    throw Object.assign(new Error('by code'), { code: 'Reject' });
  },
  retry: () => {
    throw new RetryLater(2.5, 'the database is away');
  },
  retry_name: () => {
    throw named('RetryLater', { seconds: 7 });
  },
  coded: () => {
    throw Object.assign(new Error('secret'), { code: 200 });
  },
  exit: () => process.exit(5),
  exit_later: () => new Promise(() => setTimeout(() => process.exit(5), 1)),
  throw_later: () =>
    new Promise(() =>
      setTimeout(() => {
        throw new Error('thrown in a timer');
      }, 1),
    ),
  unhandled: () => new Promise(() => Promise.reject(new Error('nobody catches this'))),
  floating: () => {
    setTimeout(() => Promise.reject(new Error('after the answer')), 50);
    return 'answered';
  },
  // Waits until a file is there.
  until: async (context, event) => {
    while (!existsSync(event.subject)) await sleep(0.05);
    return { there: event.subject };
  },
  signal: (context) =>
    new Promise((resolve, reject) => {
      context.signal.addEventListener('abort', () => {
        console.log('aborted');
        reject(new Error('aborted'));
      });
    }),
};

module.exports = (context, event) => DO[event.type](context, event);
