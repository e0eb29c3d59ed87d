'use strict';

// The corners of the codec that a comparison with another codec does not reach. `npm test`.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { CodecError, decode, encode } = require('../lib/codec');
const { members } = require('../lib/codec/json');
const { fromHeader, toHeader } = require('../lib/codec/text');

const STRUCTURED = [['content-type', 'application/cloudevents+json']];
const document = (more) => `{"specversion":"1.0","id":"1","source":"/s","type":"t"${more}}`;
const structured = (more) => decode(STRUCTURED, Buffer.from(document(more)));

test('a header value that is written is read back', () => {
  for (const text of ['', 'a b', '"', '%41', '100%', 'grüß', '€', '\u{1f600}', 'a\\"b']) {
    assert.equal(fromHeader('x', toHeader('x', text)), text);
  }
});

test('a member is found to the letter, however deep its value', () => {
  const value = `${'['.repeat(50_000)}"]}"${']'.repeat(50_000)}`;
  assert.equal(members(`{"a": 1.0e+2 , "data":${value}}`).get('data').text, value);
  assert.equal(members('{"a": 1.0e+2 }').get('a').text, '1.0e+2');
});

test('what is no object is refused, and never hangs', () => {
  const texts = ['', '{', '{"', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a":[', '{"a":["', '{a:1}'];
  texts.push('{"a":1}x', '{"a":1 "b":2}', '{"a":]}', '{"a":}', '{"a":{]}', '[]', '1', '{"a":1,"a":2}', '{"a":"\n"}');
  for (const text of texts) assert.throws(() => members(text), SyntaxError, text);
});

test('a long string takes no stack', () => {
  const data = JSON.stringify('\\"x'.repeat(2_000_000));
  assert.equal(structured(`,"data":${data}`).rawData.length, data.length);
});

test('data is read when it is asked for, and its bytes stay', () => {
  const event = structured(',"data":{"a":  1.0}');
  assert.deepEqual(event.data, { a: 1 });
  assert.equal(event.data, event.data);
  assert.equal(encode(event).body.toString(), '{"a":  1.0}');
  event.data.b = 2;
  assert.equal(encode(event).body.toString(), '{"a":1,"b":2}');
});

test('an event has no attribute that it did not come with', () => {
  const event = structured('');
  assert.deepEqual(Object.keys(event), ['specversion', 'id', 'source', 'type', 'data']);
  assert.equal(event.data, undefined);
  assert.equal(JSON.stringify(event), document(''));
});

test('an integer is one by how it is written', () => {
  assert.equal(structured(',"ext":-5').ext, -5);
  for (const number of ['1.0', '1e2', '2147483648', '1e400']) {
    assert.throws(() => structured(`,"ext":${number}`), CodecError);
  }
});
