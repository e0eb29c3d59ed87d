// A function for faas-js-runtime: reads the data, returns an event.
const { CloudEvent } = require('cloudevents');

module.exports = async (context, event) => new CloudEvent({
  type: 'reply', source: '/bench', datacontenttype: 'application/json', data: { got: event.data },
});
