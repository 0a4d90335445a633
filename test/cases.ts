/** CASES=0.1 draws a tenth of the random cases, as `npm run test:unit` does; CASES=20 is for a long run. */
const SHARE = Number(process.env.CASES ?? 1);

/** How many random cases a test draws that usually draws so many. At least one. */
export function casesOf(usual: number): number {
  return Math.max(1, Math.ceil(usual * SHARE));
}
