import { UserError } from '../../domain/errors.js';
import type { Finding } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import type { InputSource } from '../../read/source.js';
import { type SessionOccurrence, sessionText } from '../../report/text/session.js';
import { inspect } from '../../validate/inspect.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import type { LostPlaces } from '../lost-places.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf } from '../options/rules.js';
import { withinOf } from '../options/window.js';
import type { ReportFlags } from './command.js';

const WIDTH = 80;
const WIDEST = 120;

/**
 * Tells of one session, as it stands in each request that holds some of it.
 * @param lost Told of what could not be read.
 * @throws UserError where there is none of that id.
 */
export async function* oneSession(
  id: string,
  sources: readonly InputSource[],
  flags: ReportFlags,
  cli: Cli,
  lost: LostPlaces,
): AsyncGenerator<string> {
  const reading = await openReading(sources, flags, cli);
  const options = { ...(await inspectOptionsOf(flags, cli)), within: withinOf(flags) };
  let keptOut = false;
  const key = guidKey(id);
  const parts: SessionOccurrence[] = [];
  const findings: Finding[] = [];
  for await (const chunk of inspect(reading.records, options)) {
    for (const inspected of chunk) {
      lost.note(inspected);
      keptOut ||= inspected.kind === 'kept-out' && inspected.session.key === key;
      if (inspected.kind === 'session' && inspected.session.key === key) {
        parts.push({ session: inspected.session.copy(), occurrence: inspected.occurrence });
      }
      if (inspected.kind !== 'finding' || inspected.finding.sessionId === null) continue;
      if (guidKey(inspected.finding.sessionId) === key) findings.push(inspected.finding.settle());
    }
  }
  reading.refuse();
  if (parts.length === 0) {
    const why = keptOut
      ? `session ${id} is kept out by --since and --until`
      : `no session ${id} in the input`;
    throw new UserError('input', why);
  }
  const toFile = flags.output !== undefined;
  const look = {
    colors: colorsFor(cli.stdout, toFile ? 'never' : flags.color, cli.env),
    width: Math.min(WIDEST, (toFile ? undefined : cli.stdout.columns) ?? WIDTH),
  };
  for (const [i, part] of parts.entries()) {
    if (i > 0) yield '\n';
    const ofPart = findings.filter(
      ({ place }) => parts.length === 1 || place.request === part.session.request,
    );
    yield* sessionText(part, ofPart, look);
  }
}
