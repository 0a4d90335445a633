import { escaped, pluralize } from '../../domain/text.js';
import { type JournalSurvey, surveyJournal } from '../../send/journal/survey.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';
import { keepApart } from '../written-files.js';

export interface JournalFlags extends CommonFlags {
  readonly format: 'pretty' | 'json';
}

/** How many open sessions are listed for people, unless they want to see more. */
const LISTED = 20;

export async function runJournal(file: string, flags: JournalFlags, cli: Cli): Promise<ExitCode> {
  keepApart({ 'what is told of it': flags.output }, [file]);
  const all = flags.format === 'json' || flags.verbose === true;
  const survey = await surveyJournal(file, all ? Number.POSITIVE_INFINITY : LISTED);
  const text = flags.format === 'json' ? json(survey) : pretty(survey);
  await writeAll(await openOutput(flags.output, cli.stdout), [text]);
  return EXIT.ok;
}

function json({ header, ...survey }: JournalSurvey): string {
  const { endpoint, organizations, input, settings, shiftedTo } = header ?? {};
  const told = { version: 1, endpoint, organizations, input, settings, shiftedTo, ...survey };
  return `${escaped(JSON.stringify(told))}\n`;
}

function pretty({ header, runs, requests, ended, sessions, open }: JournalSurvey): string {
  if (header === null) return 'Empty: nothing was sent with it yet.\n';
  const { delivered, ambiguous, refused, left } = sessions;
  const settings = Object.entries(header.settings).flatMap(([name, value]) =>
    value === null ? [] : [`--${name} ${escaped(value)}`],
  );
  const lines = [
    `Delivery to ${escaped(header.endpoint)}, begun ${isoTime(header.at)}`,
    `  ${pluralize(header.organizations.length, 'organization')}: ${header.organizations.slice(0, 5).map(escaped).join(', ')}${header.organizations.length > 5 ? ', …' : ''}`,
    `  input ${escaped(header.input)}`,
    ...(settings.length > 0 ? [`  ${settings.join(' ')}`] : []),
    `  ${pluralize(runs, 'run')}, ${pluralize(requests, 'request')}; the last run ${ended === null ? 'was killed, or runs still' : `ended: ${escaped(ended)}`}`,
    '',
    `delivered  ${delivered}`,
    `ambiguous  ${ambiguous}${ambiguous > 0 ? '  (may have been counted, or not: look in Omny Studio)' : ''}`,
    `refused    ${refused}`,
    `left       ${left}`,
  ];
  if (open.length > 0) lines.push('');
  for (const { sessionId, state, at, saw } of open)
    lines.push(
      `${state} ${escaped(sessionId)}  ${isoTime(at)}  ${saw === '' ? 'no answer was written down' : escaped(saw)}`,
    );
  const more = ambiguous + refused - open.length;
  if (more > 0) lines.push(`and ${pluralize(more, 'more', 'more')}: -v lists all`);
  return `${lines.join('\n')}\n`;
}

function isoTime(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString().replace('.000', '');
}
