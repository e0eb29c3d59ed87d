module.exports = { handle: () => "<b>&amp;\b</b>" };
