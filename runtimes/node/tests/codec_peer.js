'use strict';

// Answers what the codec makes of messages, one JSON line for each on stdin: [[[name, value], ...], body in base64].

const { createInterface } = require('node:readline');
const { CodecError, decode, encode } = require('../plait_node/js/lib/codec');

function answer(line) {
  const [headers, body] = JSON.parse(line);
  try {
    const event = decode(headers, Buffer.from(body, 'base64'));
    const { data, data_base64, ...attributes } = Object.getOwnPropertyDescriptors(event);
    const values = Object.entries(attributes).map(([name, { value }]) => [name, value]);
    const message = encode(event);
    return {
      attributes: Object.fromEntries(values),
      raw: event.rawData === undefined ? null : event.rawData.toString('base64'),
      headers: message.headers,
      body: message.body.toString('base64'),
    };
  } catch (error) {
    if (error instanceof CodecError) return { status: error.status };
    return { crash: String(error.stack) };
  }
}

createInterface({ input: process.stdin }).on('line', (line) => process.stdout.write(`${JSON.stringify(answer(line))}\n`));
