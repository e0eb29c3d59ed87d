'use strict';

// Media types (RFC 2046, written as in RFC 9110, section 8.3.1): what a datacontenttype says about data.

const WORD = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[\\t !#-\\[\\]-~]|\\\\[\\t -~])*"';
// There is one way to read each space: no text makes it look for long.
const PARAMETER = `[ \\t]*${WORD}=(?:${WORD}|${QUOTED})`;
const MEDIA_TYPE = new RegExp(`^${WORD}/${WORD}(?:[ \\t]*;(?:${PARAMETER})?)*(?:(?<=;)[ \\t]*)?$`);
const CHARSET = new RegExp(`;[ \\t]*charset=(?:"([^"\\\\]*)"|(${WORD}))`, 'i');
const JSON_TYPE = /^[^/]*\/(?:.*\+)?json$/;

/** @param {string} text @returns {boolean} whether it is type/subtype, parameters allowed */
const isMediaType = (text) => text === 'application/json' || MEDIA_TYPE.test(text);

/** @param {string} text @returns {string} type/subtype in small letters, without parameters */
const essence = (text) => text.split(';', 1)[0].trim().toLowerCase();

/** @param {string} text @returns {boolean} whether such data is JSON (JSON format 1.0.2, section 3.1.1) */
const isJson = (text) => text === 'application/json' || JSON_TYPE.test(essence(text));

/** @param {string} text @returns {boolean} whether such data is text */
const isText = (text) => /^text\//i.test(text);

/** @param {string} text @returns {string | undefined} the value of the charset parameter */
function charset(text) {
  const found = CHARSET.exec(text);
  return found === null ? undefined : (found[1] ?? found[2]);
}

module.exports = { charset, essence, isJson, isMediaType, isText };
