import type { ChalkInstance } from 'chalk';
import { clock, formatNumber, pluralize } from '../../domain/text.js';
import { type Column, textTable } from '../text/text-table.js';
import { PORTAL_FIGURES, type PortalFigure } from './figures.js';
import type { Choice, DefinitionResult, PortalComparison, PortalDifference } from './portal.js';

const SHOWN: Readonly<
  Record<PortalFigure, { value(value: number): string; readonly difference: (value: number) => string }>
> = {
  plays: { value: formatNumber, difference: formatNumber },
  average: { value: clock, difference: (s) => (s < 1 ? '<0:01' : clock(s)) },
  completion: { value: percent, difference: (share) => `${percent(share).slice(0, -2)} points` },
};

function percent(share: number): string {
  return `${(Math.round(share * 10_000) / 100).toFixed(2)} %`;
}

/** The column of each choice, and the texts of its values. */
const COLUMNS: Readonly<Record<Choice, { readonly head: string; readonly same: string }>> = {
  minDuration: { head: 'counts from', same: 'the time from which a session counts' },
  repeatedParts: { head: 'heard twice counts', same: 'whether a part heard twice counts once or each time' },
  invalidSessions: { head: 'sessions with errors', same: 'whether sessions with errors count' },
  resentSessions: {
    head: 'sent again counts',
    same: 'whether a session that was sent again counts once or each time',
  },
  dayIn: { head: 'day in', same: 'the zone of the day' },
};
const ORDER: readonly Choice[] = [
  'minDuration',
  'repeatedParts',
  'invalidSessions',
  'resentSessions',
  'dayIn',
];

/** The comparison for people: each definition with its figures, and which figures match the portal's. */
export function* portalText(
  comparison: PortalComparison,
  { colors, columns: width }: { readonly colors: ChalkInstance; readonly columns: number | null },
): Generator<string> {
  const { portal, definitions, noDifference } = comparison;
  const figures = PORTAL_FIGURES.filter((figure) => portal.figures[figure] !== undefined);
  const choices = ORDER.filter(
    (choice) => !noDifference.includes(choice) && definitions[0]?.[choice] !== null,
  );
  const given = figures.map((figure) => `${figure} ${SHOWN[figure].value(portal.figures[figure]!.value)}`);
  const about = [
    ...(portal.clip === undefined ? [] : [`of clip ${portal.clip}`]),
    ...(portal.day === undefined ? [] : [`on ${portal.day}`]),
  ];
  yield `portal: ${[given.join(', '), ...about].join(' ')}\n\n`;
  const paint = ({ matches }: DefinitionResult): ((text: string) => string) =>
    matches ? colors.green : (text) => text;
  const columns: readonly Column<DefinitionResult>[] = [
    ...choices.map((choice) => ({
      head: COLUMNS[choice].head,
      cell: (result: DefinitionResult) => paint(result)(choiceText(result, choice)),
      align: 'left' as const,
    })),
    ...figures.map((figure) => ({
      head: figure,
      cell: (result: DefinitionResult) => paint(result)(figureText(result.figures[figure]!, figure)),
    })),
  ];
  yield `${textTable(columns, definitions, { width, bold: colors.bold })}\n\n`;
  const matching = definitions.filter(({ matches }) => matches).length;
  yield matching === 0
    ? `No way to count gives ${given.length === 1 ? 'this figure' : 'all of these figures'}.\n`
    : `${matching} of ${pluralize(definitions.length, 'way')} to count give${matching === 1 ? 's' : ''} ${given.length === 1 ? 'this figure' : 'these figures'} (=).\n`;
  if (noDifference.length > 0)
    yield `No difference in this input: ${noDifference.map((choice) => COLUMNS[choice].same).join('; ')}.\n`;
  yield '= is less than one in the last place away: the portal may round a figure.\n';
  yield 'The API document and Omny’s help pages leave these ways to count open. How Omny computes is not documented.\n';
}

function choiceText(result: DefinitionResult, choice: Choice): string {
  return choice === 'minDuration' ? `${result.minDuration} s` : String(result[choice]);
}

function figureText({ value, difference, matches }: PortalDifference, figure: PortalFigure): string {
  if (value === null || difference === null) return '–';
  const shown = SHOWN[figure];
  const off = `${difference < 0 ? '−' : '+'}${shown.difference(Math.abs(difference))}`;
  return `${shown.value(value)} ${matches ? '=' : `(${off})`}`;
}

/** The comparison as JSON. */
export function portalJson({ portal, definitions, noDifference }: PortalComparison): string {
  const given = Object.fromEntries(
    PORTAL_FIGURES.flatMap((figure) => {
      const value = portal.figures[figure]?.value;
      return value === undefined ? [] : [[figure, value]];
    }),
  );
  const { day = null, clip = null } = portal;
  const matching = definitions.filter(({ matches }) => matches).length;
  const head = { version: 1, portal: { ...given, day, clip }, matching, noDifference, definitions };
  return `${JSON.stringify(head, null, 2)}\n`;
}
