const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/y;
const SECONDS = /^\d+(?:\.\d+)?$/;
const CLOCK = /^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$/;

/** Milliseconds of a duration: `30s`, `1h30m`, `250ms`, `2d`, or a number of seconds; undefined where it is none. */
export function readDuration(text: string): number | undefined {
  if (SECONDS.test(text)) return whole(Number(text) * 1000);
  let ms = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (!part) return undefined;
    ms += Number(part[1]) * UNITS[part[2] as keyof typeof UNITS];
  }
  return text === '' ? undefined : whole(ms);
}

/** Milliseconds of a position: seconds, `m:ss`, `h:mm:ss`, or as a duration; undefined where it is none. */
export function readPosition(text: string): number | undefined {
  const clock = CLOCK.exec(text);
  if (!clock) return readDuration(text);
  const [, hours = '0', minutes, seconds] = clock;
  if (Number(seconds) >= 60 || (clock[1] !== undefined && Number(minutes) >= 60)) return undefined;
  return whole((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

function whole(ms: number): number | undefined {
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined;
}
