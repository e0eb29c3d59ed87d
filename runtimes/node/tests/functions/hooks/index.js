// Every hook that faas-js-runtime has; the files in FLAGS say what they answer.
const fs = require('node:fs');
const flag = (name) => fs.existsSync(`${process.env.FLAGS}/${name}`);
let started = false;

module.exports = {
  init: async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (flag('no-init')) throw new Error('init cannot');
    started = true;
  },
  handle: () => ({ started }),
  shutdown: async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    fs.writeFileSync(`${process.env.FLAGS}/shut-down`, 'x');
  },
  liveness: Object.assign((request, reply) => (flag('dead') ? reply.code(500).send('no') : 'yes'), { path: '/alive' }),
  readiness: async () => {
    if (flag('not-ready')) throw new Error('not yet');
    return !flag('refuses');
  },
};
