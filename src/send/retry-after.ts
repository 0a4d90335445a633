/**
 * How long a Retry-After header asks to wait, in milliseconds: seconds or an HTTP date. Null where it says neither.
 * @param now Unix seconds.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text)) return null;
  const at = Date.parse(/GMT|[+-]\d{4}$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.max(0, at - now * 1000);
}
