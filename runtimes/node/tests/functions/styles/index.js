// Each way to answer that faas-js-runtime's documentation has.
const { CloudEvent } = require('cloudevents');

const BY_HAND = { 'CE-Id': 'fixed', 'ce-specversion': '1.0', 'ce-type': 'by.hand', 'ce-source': '/hand' };
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const event = { specversion: '1.0', id: 'mine', type: 'by.hand', source: '/hand', data: { a: 1 } };

const DO = {
  builder: (context, { data }) => context.cloudEventResponse({ hello: data.name }).type('built').source('/b').version('1.0').response(),
  event: (context, { data }) => new CloudEvent({ ...event, subject: 'a', data: { hello: data.name } }),
  event_json: (context, { data }) => new CloudEvent({ ...event, datacontenttype: 'application/json', data }),
  headers_and_body: (context, { data }) => ({ headers: BY_HAND, body: { hello: data.name } }),
  headers_text: () => ({ headers: { ...BY_HAND, 'content-type': 'text/plain' }, body: 'hello' }),
  headers_broken: () => ({ headers: { 'ce-type': 'no.source', 'ce-specversion': '1.0' }, body: 'x' }),
  structured: () => ({ headers: STRUCTURED, body: event }),
  structured_broken: () => ({ headers: STRUCTURED, body: '{"id": 1}' }),
  nothing: () => undefined,
  text: (context, { data }) => `Hello ${data.name}`,
  object: (context, { data }) => ({ hello: data.name }),
  body: (context, { data }) => ({ body: { hello: data.name } }),
  body_text: (context, { data }) => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: `Hello ${data.name}` }),
  typed_body: (context, { data }) => ({ headers: { 'Content-Type': 'text/x-greeting' }, body: `Hello ${data.name}` }),
  status_ok: () => ({ statusCode: 200, statusMessage: 'OK' }),
  status_404: () => ({ statusCode: 404, body: 'no such order' }),
  status_503: () => ({ statusCode: 503, headers: { 'Retry-After': '9' }, body: { busy: true } }),
  arguments(context, event) {
    return {
      is: event instanceof CloudEvent,
      cloudevent: context.cloudevent === event,
      data: event.data,
      body: context.body,
      raw: context.rawBody,
      contentType: context.contentType,
      keys: Object.keys(event),
      frozen: Object.isFrozen(event) && Object.isFrozen(this),
      this: Object.keys(this),
      text: `${event}`,
      clone: event.cloneWith({ subject: 'cloned', time: '2026-01-02T03:04:05Z' }).subject,
      valid: event.validate(),
    };
  },
};

exports.handle = async function handle(context, event) {
  return DO[event.type].call(this, context, event);
};
