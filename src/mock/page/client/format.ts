const LONGEST_TEXT = 200;

/** A position along a clip: `4:32`, `1:02:03`. */
export function positionText(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const minutes = h > 0 ? `${h}:${two(m)}` : `${m}`;
  return `${seconds < 0 ? '-' : ''}${minutes}:${two(s)}`;
}

/** A span of time, in its two largest units: `12 s`, `3 min 5 s`, `2 d 4 h`. */
export function spanText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  if (whole < 86_400) return pair(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
  const days = Math.floor(whole / 86_400);
  return days < 10 ? pair(days, 'd', Math.floor((whole % 86_400) / 3600), 'h') : `${counted(days)} d`;
}

/** The delay between a session's newest event and its arrival. A difference of one second is rounding. */
export function latenessText(seconds: number): string {
  if (Math.abs(seconds) < 1.5) return 'at once';
  return seconds < 0 ? `clock ${spanText(seconds)} ahead` : `${spanText(seconds)} late`;
}

/** A time in the reader's time zone: `14:03:22`, with the date if it is not today. */
export function clockText(unixSeconds: number): string {
  const time = new Date(unixSeconds * 1000);
  if (Number.isNaN(time.getTime())) return String(unixSeconds);
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return time.toDateString() === new Date().toDateString() ? clock : `${dayText(time)} ${clock}`;
}

/** The same delay in its largest unit only, to save room: `2 h late`, `5 min ahead`. */
export function latenessShort(seconds: number): string {
  if (Math.abs(seconds) < 1.5) return 'at once';
  const [largest, unit] = spanText(seconds).split(' ');
  return `${largest} ${unit} ${seconds < 0 ? 'ahead' : 'late'}`;
}

/** `1,234`. */
export function counted(number: number): string {
  return number.toLocaleString('en');
}

/** `1 session`, `2 sessions`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${counted(number)} ${number === 1 ? one : many}`;
}

/** The first part of an id, enough to recognize it. */
export function shortId(id: string | null): string {
  if (id === null) return 'no usable id';
  return id.length > 12 ? `${id.slice(0, 8)}\u2026` : id;
}

/** A text from outside, shortened if it is too long for the page. */
export function bounded(text: string, longest: number = LONGEST_TEXT): string {
  return text.length > longest
    ? `${text.slice(0, longest)}\u2026 (${counted(text.length)} characters)`
    : text;
}

function dayText(time: Date): string {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
