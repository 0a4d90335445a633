import { guidKey, isGuid } from '../../domain/guid.js';

/** The portal's figures of a clip, or of all clips. */
export const PORTAL_FIGURES = ['plays', 'average', 'completion'] as const;
export type PortalFigure = (typeof PORTAL_FIGURES)[number];

/** A figure as it was read in the portal. */
export interface PortalValue {
  /** Plays, seconds, or a share from 0 to 1. */
  readonly value: number;
  /** The value of the last digit that was given. The portal can round a figure up or down by less than this. */
  readonly unit: number;
}

/** What was read in the portal. */
export interface PortalFigures {
  readonly figures: Readonly<Partial<Record<PortalFigure, PortalValue>>>;
  /** `2026-03-02`: only sessions that began on that day count. */
  readonly day?: string;
  /** If given, only this clip counts: its ClipId in lower case. */
  readonly clip?: string;
}

/** The forms in which each figure can be written. */
const FORMS: Readonly<
  Record<PortalFigure, { readonly form: string; read(text: string): PortalValue | null }>
> = {
  plays: { form: 'a whole number without separators, such as 1790', read: readPlays },
  average: { form: 'a time such as 22:10, 1:02:03, 1330s or 22.2m', read: readAverage },
  completion: { form: 'a share such as 63%, 63.4% or 0.634', read: readCompletion },
};

/**
 * Reads `plays=1790,average=22:10,completion=63%,day=2026-03-02,clip=GUID`. Returns a sentence about what is wrong if
 * it cannot be read.
 */
export function parsePortal(text: string): PortalFigures | string {
  const figures: Partial<Record<PortalFigure, PortalValue>> = {};
  let rest: Pick<PortalFigures, 'day' | 'clip'> = {};
  for (const part of text.split(',')) {
    const [name = '', value = '', ...more] = part.split('=').map((each) => each.trim());
    const figure = PORTAL_FIGURES.find((known) => known === name);
    if (value === '' || more.length > 0) return `Expected NAME=VALUE, received ${JSON.stringify(part)}.`;
    if (figure) {
      const read = FORMS[figure].read(value);
      if (!read) return `Expected ${figure} as ${FORMS[figure].form}, received ${JSON.stringify(value)}.`;
      figures[figure] = read;
    } else if (name === 'day') {
      if (!isDay(value))
        return `Expected day as a date such as 2026-03-02, received ${JSON.stringify(value)}.`;
      rest = { ...rest, day: value };
    } else if (name === 'clip') {
      if (!isGuid(value)) return `Expected clip as a ClipId, received ${JSON.stringify(value)}.`;
      rest = { ...rest, clip: guidKey(value) };
    } else
      return `Expected one of ${[...PORTAL_FIGURES, 'day', 'clip'].join(', ')}, received ${JSON.stringify(name)}.`;
  }
  if (Object.keys(figures).length === 0) return `Expected at least one of ${PORTAL_FIGURES.join(', ')}.`;
  return { figures, ...rest };
}

function readPlays(text: string): PortalValue | null {
  return /^\d+$/.test(text) ? { value: Number(text), unit: 1 } : null;
}

const SECONDS_PER: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

function readAverage(text: string): PortalValue | null {
  const [, hours = '0', minutes, seconds] = /^(?:(\d+):)?(\d+):([0-5]\d)$/.exec(text) ?? [];
  if (minutes !== undefined)
    return { value: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), unit: 1 };
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text) ?? [];
  return number === undefined ? null : scaled(number, SECONDS_PER[unit || 's']!);
}

function readCompletion(text: string): PortalValue | null {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const read = number === undefined ? null : scaled(number, percent === '%' ? 0.01 : 1);
  return read && read.value <= 1 ? read : null;
}

function scaled(number: string, by: number): PortalValue {
  const decimals = number.split('.')[1]?.length ?? 0;
  return { value: Number(number) * by, unit: 10 ** -decimals * by };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}
