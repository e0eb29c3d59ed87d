// Waits, or says that it is not ready, as the event's type says.
const MILLISECONDS = { slow: 300, slower: 2000, wait: 3_600_000 };
let ready = true;

module.exports = {
  handle: async (context, event) => {
    if (event.type === 'unready') {
      ready = false;
      return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, MILLISECONDS[event.type]));
    return 'waited';
  },
  readiness: () => ready,
};
