import { escaped } from '../domain/text.js';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The number in a text, in JSON's form with optional spaces around; undefined if it is not a number. */
export function readNumber(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const trimmed = text.trim();
  return trimmed !== text && NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}

const MAX_EXCERPT_LENGTH = 60;

/** A text from an input as a message shows it: quoted, control characters escaped, shortened; `nothing` where empty. */
export function excerpt(text: string): string {
  if (text === '') return 'nothing';
  return escaped(
    JSON.stringify(text.length > MAX_EXCERPT_LENGTH ? `${text.slice(0, MAX_EXCERPT_LENGTH - 1)}…` : text),
  );
}

/**
 * Copies a text into its own memory. V8 stores a part of a longer text as a reference to that text, so one id kept from
 * each row would keep the whole input in memory.
 */
export function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}

const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A number with more digits of exponent than this is not a length or time. */
const LARGEST_EXPONENT = 40;

/** A longer text is not a measured number, and computing with it would be slow. */
const MAX_NUMBER_LENGTH = 400;

/** A decimal number as written: `sign * digits * 10^-decimals`. */
export interface Decimal {
  readonly negative: boolean;
  /** All digits, without the point. */
  readonly digits: string;
  /** How many of them are after the point, with the exponent applied; negative if zeros follow. */
  readonly decimals: number;
}

/** Reads a number in JSON's form with optional white space around; undefined if it is not a number, or far too large. */
export function readDecimal(text: string): Decimal | undefined {
  if (text.length > MAX_NUMBER_LENGTH) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = DECIMAL.exec(text.trim()) ?? [];
  if (whole === undefined || Math.abs(Number(exponent)) > LARGEST_EXPONENT) return undefined;
  return {
    negative: sign === '-',
    digits: whole + fraction,
    decimals: fraction.length - Number(exponent),
  };
}

/**
 * The whole number nearest to a decimal times a factor, without the error of binary fractions.
 * @param rounding `half-up`: 0.5 becomes 1, -0.5 becomes 0; `down`: to the next lower whole number
 * @returns undefined where the result is beyond the safe integers
 */
export function scaled(decimal: Decimal, factor: number, rounding: 'half-up' | 'down'): number | undefined {
  const fast = scaledSmall(decimal, factor, rounding);
  if (fast !== undefined) return fast;
  let numerator = BigInt(decimal.digits) * BigInt(factor);
  if (decimal.negative) numerator = -numerator;
  let denominator = 1n;
  if (decimal.decimals > 0) denominator = 10n ** BigInt(decimal.decimals);
  else numerator *= 10n ** BigInt(-decimal.decimals);
  const result = Number(
    rounding === 'down'
      ? floorDivide(numerator, denominator)
      : floorDivide(2n * numerator + denominator, 2n * denominator),
  );
  return Number.isSafeInteger(result) ? result : undefined;
}

/** The fast path of `scaled`, for numbers that doubles hold exactly; undefined for others. */
function scaledSmall(
  { negative, digits, decimals }: Decimal,
  factor: number,
  rounding: 'half-up' | 'down',
): number | undefined {
  if (negative || decimals < 0 || decimals > 9) return undefined;
  const numerator = Number(digits) * factor;
  const denominator = 10 ** decimals;
  if (numerator > 1e15) return undefined;
  const rest = numerator % denominator;
  const whole = (numerator - rest) / denominator;
  return rounding === 'half-up' && 2 * rest >= denominator ? whole + 1 : whole;
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
}

/**
 * Whether a number lost digits in the way in which Excel shortens numbers: `1.77E+09` has a point, a sign and two
 * digits of exponent, at most seven digits, and none of them reaches the unit. `1.772442E9` (Java) and `3e+05` (R)
 * write all digits there are.
 * @param unit the smallest step that matters, in the number's own unit, a power of ten: 1 for seconds, 1000 for
 * milliseconds
 */
export function losesDigits(text: string, unit = 1): boolean {
  const written = spreadsheetNumber(text);
  return written !== undefined && written.digits <= 7 && written.lastPlace > Math.log10(unit);
}

/** What a number written like `1.77E+09` shows: how many digits, and the power of ten of the last; undefined for any other text. */
export function spreadsheetNumber(
  text: string,
): { readonly digits: number; readonly lastPlace: number } | undefined {
  const [, fraction, exponent] = /^-?\d\.(\d+)[eE]([+-]\d\d)$/.exec(text.trim()) ?? [];
  if (fraction === undefined) return undefined;
  return { digits: fraction.length + 1, lastPlace: Number(exponent) - fraction.length };
}
