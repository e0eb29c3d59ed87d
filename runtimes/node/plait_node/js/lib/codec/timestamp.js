'use strict';

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](?:[01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d+)?(?:[Zz]|[+-](\d{2}):(\d{2}))$/;

/**
 * Whether a text is an RFC 3339 timestamp, and one of a time that there is. No leap seconds: Go, and so Knative,
 * refuses them as well.
 *
 * @param {string} text
 */
function isTimestamp(text) {
  const found = RFC3339.exec(text);
  if (found === null) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return false;
  return found[6] === undefined || Number(found[6]) * 60 + Number(found[7]) < 24 * 60;
}

/** @param {number} year @param {number} month */
function daysOf(year, month) {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return leap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

module.exports = { isTimestamp };
