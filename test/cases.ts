/** CASES=0.05 draws a twentieth of the random cases, as `npm run test:unit` does; CASES=20 is for a long run. */
const SHARE = Number(process.env.CASES ?? 1);

/** How many random cases a test draws that usually draws so many. At least one. */
export function casesOf(usual: number): number {
  return Math.max(1, Math.ceil(usual * SHARE));
}

/** All of them; with CASES=0.1 every tenth. */
export function someOf<T>(all: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.round(1 / SHARE));
  return all.filter((_, i) => i % step === 0);
}
