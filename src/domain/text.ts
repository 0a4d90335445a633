/** A number with thousands separators: `1,204`. */
export function formatNumber(n: number): string {
  // `toLocaleString` would load data about languages, which takes longer than reading a small input.
  return Number.isSafeInteger(n) ? String(n).replace(/\B(?=(?:\d{3})+$)/g, ',') : n.toLocaleString('en-US');
}

/** A number and its noun: `1 session`, `1,204 sessions`. */
export function pluralize(n: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(n)} ${n === 1 ? noun : plural}`;
}

/** The form in which names of columns and fields are compared: letter case, `_`, `-`, white space and a byte-order mark do not matter. */
export function comparableName(name: string): string {
  return name.replaceAll(/[\s_-]/g, '').toLowerCase();
}

/**
 * Escapes control characters and characters that change the text direction, so that text from an input cannot control a
 * terminal.
 */
export function escaped(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The closest name by edit distance, ignoring case; undefined if no name is close. */
export function nearest<N extends string>(wanted: string, names: Iterable<N>): N | undefined {
  let best: N | undefined;
  let fewest = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= fewest) continue;
    const changes = changesBetween(wanted.toLowerCase(), name.toLowerCase());
    if (changes < fewest) [best, fewest] = [name, changes];
  }
  return best;
}

/** The Levenshtein distance: how many letters are inserted, deleted or replaced. */
function changesBetween(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const exchanged = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(exchanged, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[to.length]!;
}

/** A place on a clip's timeline, or a length of it: `0:42`, `1:02:05`. Whole seconds, rounded half up. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Seconds in the two largest units that fit: `3 h 20 min`, `30 min 34 s`, `4.2 s`. */
export function formatDuration(seconds: number): string {
  const tenths = Math.round(seconds * 10) / 10;
  if (tenths < 60) return `${tenths} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return inTwoUnits(whole, 'min', 's');
  return inTwoUnits(Math.round(seconds / 60), 'h', 'min');
}

function inTwoUnits(amount: number, large: string, small: string): string {
  const rest = amount % 60;
  const first = `${formatNumber(Math.floor(amount / 60))} ${large}`;
  return rest === 0 ? first : `${first} ${rest} ${small}`;
}

/** A share from 0 to 1: `49.9 %`. */
export function percent(share: number): string {
  return `${(Math.round(share * 1000) / 10).toFixed(1)} %`;
}

/** Unix seconds as a date and time in UTC; as a plain number where it is outside the calendar's range. */
export function moment(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  if (Number.isNaN(date.getTime())) return String(timestamp);
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Words as arguments for a POSIX shell, quoted where needed. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(' ');
}

/** A text as one word of a POSIX shell, in quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The command line of this program, for a shell, without the credentials of URLs. @param more Options to add. */
export function safeCommand(args: readonly string[], ...more: readonly string[]): string {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const words = [...args.slice(0, end), ...more, ...args.slice(end)];
  return `omny-consume ${shellWords(words.map(withoutCredentials))}`;
}

/** Replaces users and passwords in a word that is a URL or contains URLs. */
function withoutCredentials(word: string): string {
  return word
    .replace(/^((?:--[\w-]+=)?[a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1USER:PASSWORD@')
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s'"]*@/gi, '$1USER:PASSWORD@');
}
