import { type Comparison, MEASURES, type Measure } from './compare.js';

const COMPARED = {
  '<': (change: number, limit: number) => change < limit,
  '<=': (change: number, limit: number) => change <= limit,
  '>': (change: number, limit: number) => change > limit,
  '>=': (change: number, limit: number) => change >= limit,
} as const;

/** A change that is not accepted: `completion<-5%`. */
export interface Limit {
  /** As it was written. */
  readonly text: string;
  readonly measure: Measure;
  readonly operator: keyof typeof COMPARED;
  /** A share of before where `relative`, else in the measure's unit. */
  readonly value: number;
  readonly relative: boolean;
}

const FORM = /^\s*([a-z]+)\s*(<=|>=|<|>)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)\s*$/;

/** Reads a limit; null where it is none. */
export function parseLimit(text: string): Limit | null {
  const [, name, operator, number, percent] = FORM.exec(text) ?? [];
  const measure = MEASURES.find((known) => known === name);
  if (!measure || !operator) return null;
  const relative = percent === '%';
  return {
    text: text.trim(),
    measure,
    operator: operator as keyof typeof COMPARED,
    value: relative ? Number(number) / 100 : Number(number),
    relative,
  };
}

/** Whether the change is the one that is not accepted; also where it cannot be told: silence is not success. */
export function exceeds({ measures }: Comparison, { measure, operator, value, relative }: Limit): boolean {
  const { before, after, change, relative: share } = measures[measure];
  if (!relative) return change === null || COMPARED[operator](change, value);
  if (before === 0 && after !== null && after > 0) return COMPARED[operator](Number.POSITIVE_INFINITY, value);
  return share === null || COMPARED[operator](share, value);
}
