// An ECMAScript module that gives the event back.
export default (context, event) => event;
