// Answers with the event itself.
module.exports = (context, event) => event;
