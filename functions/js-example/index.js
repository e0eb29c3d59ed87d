// The JavaScript function of the 2020 example: waits half a second, then answers with an event.
const reply = {
  headers: {
    'ce-specversion': '0.3',
    'ce-type': 'dev.nodeshift.samples.fromjs',
    'ce-source': 'nodeshift/samples/js-example-service',
    'ce-id': '42',
    'content-type': 'application/json'
  },
  message: { msg: 'From js-example-service' }
};

module.exports = async function (context) {
  console.log(context);
  return new Promise((resolve) => setTimeout(() => resolve(reply), 500));
};
