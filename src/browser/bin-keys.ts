/** The bin that a key leads to from `at`, of so many; null for a key that leads nowhere. */
export function binAfterKey(key: string, at: number, bins: number): number | null {
  const page = Math.max(1, Math.round(bins / 10));
  const to = {
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    PageUp: at + page,
    PageDown: at - page,
    Home: 0,
    End: bins - 1,
  }[key];
  if (to === undefined || bins === 0) return null;
  return Math.min(bins - 1, Math.max(0, to));
}
