// ECMAScript modules, with what comes with the runtime, and a file beside.
import { CloudEvent } from 'cloudevents';
import { Reject } from 'plait-node';
import { greeting } from './greeting.js';

export async function handle(context, event) {
  if (!(event instanceof CloudEvent)) throw new Error('another copy of the SDK');
  if (event.subject === undefined) throw new Reject('no subject');
  return new CloudEvent({ type: 'modern', source: '/modern', data: greeting(event.subject) });
}
