import type { Finding } from '../domain/finding.js';

/** Output order: input order by file, line and path, then rule. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    a.place.input.index - b.place.input.index ||
    a.place.line - b.place.line ||
    comparePointers(a.place.pointer ?? '', b.place.pointer ?? '') ||
    compareText(a.rule, b.rule) ||
    a.place.column - b.place.column ||
    compareText(a.expected, b.expected)
  );
}

function comparePointers(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [a.split('/'), b.split('/')];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = compareSegments(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareSegments(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  return a !== '' && b !== '' && Number.isInteger(x) && Number.isInteger(y) ? x - y : compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
