// Numbers as a person reads them: three digits that matter, and a unit.

const GAP = "\u202f";
const THOUSANDS = ["", "k", "M", "G", "T"];
const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

function digits(value) {
  const size = Math.abs(value);
  if (size === 0 || size >= 99.95) {
    return Math.round(value).toString();
  }
  return size >= 9.995 ? trimmed(value.toFixed(1)) : trimmed(value.toFixed(size >= 0.095 ? 1 : 2));
}

function trimmed(number) {
  return number.includes(".") ? number.replace(/\.?0+$/, "") : number;
}

function scaled(value, base, units) {
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= base * 0.9995 && unit < units.length - 1) {
    rest /= base;
    unit++;
  }
  return units[unit] === "" ? digits(rest) : digits(rest) + GAP + units[unit];
}

/** 1,234,567: counts that are read exactly. */
export const exact = (value) => Math.round(value).toLocaleString("en");

/** 950, 1.2 k, 3.4 M */
export const count = (value) => scaled(value, 1000, THOUSANDS);

/** 1.2 k/s */
export const rate = (value) => {
  const shown = count(value);
  return shown.includes(GAP) ? shown + "/s" : shown + GAP + "/s";
};

/** 3.4 MiB */
export const bytes = (value) => scaled(value, 1024, BINARY);

/** 3.4 MiB/s */
export const byteRate = (value) => bytes(value) + "/s";

/** 12 % */
export const percent = (share) => (share > 0 && share < 0.005 ? "<1" : Math.round(share * 100)) + GAP + "%";

/** 90 ms, 12 s, 3 min 5 s, 2 h 6 min, 5 d 3 h */
export function duration(seconds) {
  if (seconds === 0) {
    return "0" + GAP + "s";
  }
  if (seconds < 1) {
    return Math.max(1, Math.round(seconds * 1000)) + GAP + "ms";
  }
  if (seconds < 10) {
    return trimmed(seconds.toFixed(1)) + GAP + "s";
  }
  if (seconds < 60) {
    return Math.floor(seconds) + GAP + "s";
  }
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = units.findIndex(([size]) => seconds >= size);
  const [size, name] = units[first];
  const rest = Math.floor((seconds % size) / units[first + 1][0]);
  return Math.floor(seconds / size) + GAP + name + (rest ? " " + rest + GAP + units[first + 1][1] : "");
}

const two = (number) => String(number).padStart(2, "0");

/** 14:05 */
export const clock = (millis) => {
  const at = new Date(millis);
  return two(at.getHours()) + ":" + two(at.getMinutes());
};

/** 14:05:09 */
export const second = (millis) => clock(millis) + ":" + two(new Date(millis).getSeconds());

/** 14:05:09, with the day before it if that is not today. */
export function moment(millis) {
  const at = new Date(millis);
  const time = second(millis);
  const today = new Date().toDateString() === at.toDateString();
  return today ? time : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
