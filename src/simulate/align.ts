/** Indices that belong together; null where one side has no counterpart. */
export type Pair = readonly [left: number | null, right: number | null];

/** Which side the next pair takes. */
const Step = { Both: 0, Left: 1, Right: 2 } as const;

/**
 * Pairs two sequences in order, so that the sum of distances is least, where an element that stands alone costs 1 (edit distance).
 * Of equal ways the one that pairs earlier elements.
 */
export function align<L, R>(
  left: readonly L[],
  right: readonly R[],
  distance: (left: L, right: R) => number,
): Pair[] {
  const width = right.length + 1;
  const steps = new Uint8Array((left.length + 1) * width);
  // Costs of aligning the rest from (row, column) on, a row at a time from the end.
  let below = Float64Array.from({ length: width }, (_, column) => right.length - column);
  steps.fill(Step.Right, left.length * width);
  for (let row = left.length - 1; row >= 0; row -= 1) {
    const costs = new Float64Array(width);
    costs[right.length] = left.length - row;
    steps[row * width + right.length] = Step.Left;
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const both = below[column + 1]! + distance(left[row]!, right[column]!);
      const alone = 1 + Math.min(below[column]!, costs[column + 1]!);
      costs[column] = Math.min(both, alone);
      const step = both <= alone ? Step.Both : below[column]! <= costs[column + 1]! ? Step.Left : Step.Right;
      steps[row * width + column] = step;
    }
    below = costs;
  }
  return walk(steps, left.length, right.length);
}

function walk(steps: Uint8Array, rows: number, columns: number): Pair[] {
  const pairs: Pair[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    const step = steps[row * (columns + 1) + column];
    const takesLeft = step !== Step.Right;
    const takesRight = step !== Step.Left;
    pairs.push([takesLeft ? row : null, takesRight ? column : null]);
    row += Number(takesLeft);
    column += Number(takesRight);
  }
  return pairs;
}
