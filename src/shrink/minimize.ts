/** Limits the number of checks and the time for them. */
export class Budget {
  checks = 0;
  /** Whether a check was refused. */
  spent = false;

  /** @param isOver Returns whether the time is up. */
  constructor(
    readonly most: number,
    private readonly isOver: () => boolean = () => false,
  ) {}

  /** Uses one check. Returns false if none is left. */
  take(): boolean {
    if (this.checks >= this.most || this.isOver()) this.spent = true;
    if (this.spent) return false;
    this.checks += 1;
    return true;
  }
}

/** Whether a shortened list still has the target. Returns false once the budget is spent. */
export type Test<T> = (kept: readonly T[]) => Promise<boolean>;

/** In a list this short, any two elements are tried together, also if they are not neighbours. */
const FEW = 12;
/** How many neighbours are tried together; lists of at most `SOME` elements get more attempts. */
const NEIGHBOURS = [2, 3, 4];
const SOME = 32;
const NEIGHBOURS_OF_SOME = [2, 3, 4, 5, 6, 7, 8];

/**
 * Finds a smallest list by leaving out parts. From the result, nothing more can be left out: no single element, no two to four
 * neighbours and, in a short list, no two elements. This is delta debugging (Zeller's ddmin) by complements. The lengths of the
 * parts are powers of two, so that a list of pairs is never cut inside a pair.
 */
export async function minimize<T>(items: readonly T[], test: Test<T>, budget: Budget): Promise<readonly T[]> {
  let kept = items;
  const tryWithout = async (leave: (i: number) => boolean): Promise<boolean> => {
    const fewer = kept.filter((_, i) => !leave(i));
    if (fewer.length === kept.length || !(await test(fewer))) return false;
    kept = fewer;
    return true;
  };
  const leaveOut = async (size: number, step: number): Promise<boolean> => {
    let any = false;
    for (let from = 0; from < kept.length && !budget.spent; ) {
      const at = from;
      if (await tryWithout((i) => i >= at && i < at + size)) any = true;
      else from += step;
    }
    return any;
  };
  const pairs = async (): Promise<boolean> => {
    if (kept.length > FEW) return false;
    for (let a = 0; a < kept.length; a += 1)
      for (let b = a + 2; b < kept.length; b += 1) {
        const [i, j] = [a, b];
        if (await tryWithout((at) => at === i || at === j)) return true;
      }
    return false;
  };
  for (let size = largestPart(kept.length); size >= 1; size /= 2) await leaveOut(size, size);
  for (let again = true; again && !budget.spent; ) {
    again = await leaveOut(1, 1);
    for (const size of kept.length <= SOME ? NEIGHBOURS_OF_SOME : NEIGHBOURS)
      again = (await leaveOut(size, 1)) || again;
    again = (await pairs()) || again;
  }
  return kept;
}

/** The largest power of two below the length; 1 for a single element. */
function largestPart(length: number): number {
  let size = 1;
  while (size * 2 < length) size *= 2;
  return size;
}

/** Finds a shortest text for which the test is true: removes lines first, then characters. */
export async function shorterText(
  text: string,
  test: (text: string) => Promise<boolean>,
  budget: Budget,
): Promise<string> {
  let best = text;
  for (const separator of [/(?<=\n)/, '']) {
    const pieces = best.split(separator);
    if (pieces.length < 2) continue;
    best = (await minimize(pieces, (some) => test(some.join('')), budget)).join('');
  }
  return best;
}
