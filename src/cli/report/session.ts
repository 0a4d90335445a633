import { UserError } from '../../domain/errors.js';
import type { Finding } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import { readInputs } from '../../read/read.js';
import type { InputSource } from '../../read/source.js';
import { sessionText } from '../../report/text/session-text.js';
import { inspect } from '../../validate/inspect.js';
import type { InspectedSession } from '../../validate/inspected.js';
import { OrganizationGuard } from '../../validate/organization-guard.js';
import type { Tally } from '../../validate/tally.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { readOptionsOf } from '../options/input.js';
import { inspectOptionsOf } from '../options/rules.js';
import type { ReportFlags } from './command.js';

const WIDTH = 80;
const WIDEST = 120;

/**
 * Tells of one session, as it stands in each request that holds some of it.
 * @param tally Counts everything that is found on the way.
 * @throws UserError where there is none of that id.
 */
export async function* oneSession(
  id: string,
  sources: readonly InputSource[],
  flags: ReportFlags,
  cli: Cli,
  tally: Tally,
): AsyncGenerator<string> {
  const guard = new OrganizationGuard(flags.organization);
  const records = guard.watch(readInputs(sources, readOptionsOf(flags, cli)));
  const key = guidKey(id);
  const parts: InspectedSession[] = [];
  const findings: Finding[] = [];
  for await (const chunk of inspect(records, await inspectOptionsOf(flags, cli))) {
    for (const inspected of chunk) {
      tally.add(inspected);
      if (inspected.kind === 'session' && inspected.session.key === key) parts.push(inspected);
      if (inspected.kind !== 'finding' || inspected.finding.sessionId === null) continue;
      if (guidKey(inspected.finding.sessionId) === key) findings.push(inspected.finding);
    }
  }
  guard.refuse();
  if (parts.length === 0) throw new UserError('input', `no session ${id} in the input`);
  const toFile = flags.output !== undefined;
  const options = {
    colors: colorsFor(cli.stdout, toFile ? 'never' : flags.color, cli.env),
    width: Math.min(WIDEST, (toFile ? undefined : cli.stdout.columns) ?? WIDTH),
  };
  for (const [i, part] of parts.entries()) {
    if (i > 0) yield '\n';
    const its = findings.filter(({ place }) => parts.length === 1 || place.request === part.session.request);
    yield* sessionText(part, its, options);
  }
}
