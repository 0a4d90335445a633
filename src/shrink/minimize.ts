/** How many checks there may be, and until when. */
export class Budget {
  checks = 0;
  /** Whether a check was refused. */
  spent = false;

  /** @param isOver Whether there is no time left. */
  constructor(
    readonly most: number,
    private readonly isOver: () => boolean = () => false,
  ) {}

  /** Takes one check; false where there is none left. */
  take(): boolean {
    if (this.checks >= this.most || this.isOver()) this.spent = true;
    if (this.spent) return false;
    this.checks += 1;
    return true;
  }
}

/** Whether what is left of a list still shows what is looked for. False once the budget is spent. */
export type Test<T> = (kept: readonly T[]) => Promise<boolean>;

/** Of so few, every two are tried together, also those that do not stand side by side. */
const FEW = 12;
/** How many neighbours are tried together: more where there are few. */
const NEIGHBOURS = [2, 3, 4];
const SOME = 32;
const NEIGHBOURS_OF_SOME = [2, 3, 4, 5, 6, 7, 8];

/**
 * The smallest list that can be found by leaving parts out: no element, no two to four neighbours and, of a short list, no two elements can
 * be left out of it. This is delta debugging (Zeller's ddmin), by complements, with parts whose lengths are powers of two, so that the pairs
 * of a list of pairs are never torn by a larger part.
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

/** The largest power of two below the length; 1 of a single element. */
function largestPart(length: number): number {
  let size = 1;
  while (size * 2 < length) size *= 2;
  return size;
}

/** The shortest text that can be found of which the test is true: fewer lines, then fewer characters. */
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
