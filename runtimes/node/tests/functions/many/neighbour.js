module.exports = 'hello from beside';
