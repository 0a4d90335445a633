import { formatNumber } from '../../domain/text.js';
import type { LengthUnit } from '../../read/table-options.js';
import { type Units, unitFlagOf } from '../headers.js';
import { MS_PER_UNIT } from '../lengths.js';
import type { UnitExample, UnitSuspicion } from './table-unit.js';

const NAMES: Readonly<Record<LengthUnit, string>> = { s: 'seconds', ms: 'milliseconds', min: 'minutes' };

/** The finding's phrases and its hint. */
export interface UnitMessage {
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/**
 * Words a suspicion: names a factor and a flag only where the data shows them, else shows three rows and lists what the numbers may be.
 * @param units the units in force
 */
export function unitMessage<P>(suspicion: UnitSuspicion<P>, units: Units): UnitMessage {
  const inForce = suspicion.column === 'ListenedSeconds' ? units.duration : units.position;
  return {
    expected: `${suspicion.column} in ${NAMES[inForce]}`,
    received: `${receivedText(suspicion)}: ${suspicion.examples.map((example) => exampleText(suspicion, example)).join(', ')}`,
    hint: hintText(suspicion, inForce, units),
  };
}

function receivedText<P>({ condition, factor, hits, of, share }: UnitSuspicion<P>): string {
  if (share !== undefined)
    return `a ${share}: the largest value of each clip is ${share === 'fraction' ? 1 : 100}`;
  const some = `${formatNumber(hits)} of ${formatNumber(of)}`;
  switch (condition) {
    case 'interval-too-long':
      return `${some} intervals longer than 30 h`;
    case 'beyond-durations':
      return `${some} sessions that reach farther than 15 times the clip's duration`;
    case 'fraction-of-durations':
      return `${some} sessions that end at ${factorText(factor)} of the clip's duration`;
    case 'against-clock':
      return factor === undefined
        ? `numbers that do not fit the clock in ${some} rows`
        : `numbers about ${factorText(factor)} times the clock in ${some} rows`;
  }
}

function factorText(factor: number | undefined): string {
  if (factor === undefined) return 'the same small part';
  return factor < 1 ? `1/${formatNumber(Math.round(1 / factor))}` : formatNumber(factor);
}

function exampleText<P>({ condition }: UnitSuspicion<P>, { amountMs, againstMs }: UnitExample<P>): string {
  if (againstMs === undefined) return lengthText(amountMs);
  const against =
    condition === 'beyond-durations' || condition === 'fraction-of-durations' ? 'in a clip of' : 'in';
  return `${lengthText(amountMs)} ${against} ${lengthText(againstMs)}`;
}

function lengthText(ms: number): string {
  const seconds = ms / 1000;
  return `${seconds < 100 ? Number(seconds.toPrecision(3)) : formatNumber(Math.round(seconds))} s`;
}

function hintText<P>(suspicion: UnitSuspicion<P>, inForce: LengthUnit, units: Units): string {
  const { condition, column, against, factor, share, hits, of } = suspicion;
  const flag = unitFlagOf(column)!;
  if (share !== undefined) {
    return `A ${share} does not say which seconds were played, so it is not read: export seconds or positions`;
  }
  const ways: string[] = [];
  if (factor !== undefined) {
    const right = unitOf(MS_PER_UNIT[inForce] / factor);
    if (right) ways.push(`if ${column} is in ${NAMES[right]}, add ${flag} ${right}`);
    const rightDuration =
      against === 'ClipDuration' ? unitOf(MS_PER_UNIT[units.clipDuration] * factor) : undefined;
    if (rightDuration)
      ways.push(`if ClipDuration is in ${NAMES[rightDuration]}, add --clip-duration-unit ${rightDuration}`);
  }
  if (ways.length === 0) {
    const others = (['min', 'ms', 's'] as const).filter((unit) => unit !== inForce);
    ways.push(
      `${column} is not in ${NAMES[inForce]}: perhaps ${others.map((unit) => `${NAMES[unit]} (${flag} ${unit})`).join(', ')}, or a percentage, which is not read`,
    );
  }
  if (condition === 'interval-too-long' && hits < of)
    ways.push('or these rows are wrong, and the others right');
  if (against === 'times') ways.push('or the times of the rows are wrong (StartedAt, EndedAt)');
  if (against === 'ClipDuration' && factor === undefined)
    ways.push("or the clips' durations are wrong (ClipDuration, --clips)");
  return sentence(ways.join('; '));
}

function unitOf(msPerUnit: number): LengthUnit | undefined {
  return (Object.keys(MS_PER_UNIT) as LengthUnit[]).find(
    (unit) => Math.abs(MS_PER_UNIT[unit] / msPerUnit - 1) < 1e-9,
  );
}

function sentence(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
