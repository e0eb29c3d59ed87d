// A function for plait-node: reads the data, returns an object.
module.exports = async (context, event) => ({ got: event.data });
