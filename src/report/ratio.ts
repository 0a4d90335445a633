const DECIMALS = 1000n;

/** numerator / denominator with 3 decimals, half up; exact, whatever their size. 0 where the denominator is 0. */
export function ratio(numerator: number, denominator: number): number {
  if (denominator === 0) return 0;
  const [n, d] = [whole(numerator) * DECIMALS, whole(denominator)];
  return Number((2n * n + d) / (2n * d)) / Number(DECIMALS);
}

function whole(value: number): bigint {
  return BigInt(Math.min(value, Number.MAX_VALUE));
}
