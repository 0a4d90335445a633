import { systemClock } from '../../domain/clock.js';
import { UserError } from '../../domain/errors.js';
import { RULE_IDS, type RuleId } from '../../domain/finding.js';
import { escaped, pluralize } from '../../domain/text.js';
import type { InputSource } from '../../read/source.js';
import { hasTarget, type Settings, type Target, type Verdict, verdictOn } from '../../shrink/check.js';
import { Budget } from '../../shrink/minimize.js';
import { type Shrunk, shrink } from '../../shrink/shrink.js';
import { diagnosisSeverityOf, severityOf } from '../../validate/options.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import { readOptionsOf, sourcesOf } from '../options/input.js';
import { noDataText, withinOf } from '../options/option.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf, type Severities } from '../options/rules.js';
import { openOutput, writeAll } from '../output.js';
import { ProgressLine } from '../progress-line.js';
import { requireDistinctFiles } from '../written-files.js';
import type { ShrinkFlags } from './documents.js';
import { documentsFor, rereadable, SILENT, unpackedName } from './documents.js';
import { resultLines, textAs } from './result.js';

const MAX_CHECKS = 5000;
const MAX_MS = 60_000;

export async function runShrink(files: readonly string[], flags: ShrinkFlags, cli: Cli): Promise<ExitCode> {
  const shown = flags.quiet !== true && cli.stderr.isTTY;
  const progress = shown ? new ProgressLine(cli.stderr) : null;
  try {
    return await shrinkFiles(files, flags, cli, progress);
  } finally {
    progress?.clear();
  }
}

async function shrinkFiles(
  files: readonly string[],
  flags: ShrinkFlags,
  cli: Cli,
  progress: ProgressLine | null,
): Promise<ExitCode> {
  const began = systemClock.nowMs();
  const target = targetOf(flags);
  if (flags.query !== undefined) throw notText('the rows of --query');
  requireDistinctFiles({ 'the result': flags.output }, [...files, flags.clips, flags.clipMap]);
  const sources = await Promise.all(sourcesOf(files, flags, cli).map(rereadable));
  const severities = new Map([...(flags.rule ?? [])].filter(([key]) => !key.startsWith('@'))) as Severities;
  const rules = { ...(await inspectOptionsOf({ ...flags, rule: severities }, cli)) };
  progress?.show(() => 'reading the input');
  const whole = await wholeVerdict(sources, target, { ...flags, rule: severities }, rules, cli);
  const read = { ...readOptionsOf(flags, cli), ...SILENT };
  let settings: Settings = { rules, read: { ...read, organization: undefined } };
  const from = systemClock.nowMs();
  const budget = new Budget(MAX_CHECKS, () => {
    progress?.show(() => `shrinking: ${pluralize(budget.checks, 'check')}`);
    return systemClock.nowMs() - from > MAX_MS;
  });
  let shrunk: Shrunk | null = null;
  for await (const { document, name } of documentsFor(sources, whole, { flags, settings, rules })) {
    const { severitiesIn } = rules;
    const input = { index: 0, name };
    // A config file sets severities by the name of the input.
    settings = {
      ...settings,
      rules: { ...rules, severitiesIn: severitiesIn && (() => severitiesIn(input)) },
    };
    shrunk = await shrink(document, {
      settings,
      target,
      verdict: whole,
      name: unpackedName(name),
      words: wordsOf(flags),
      budget,
    });
    if (shrunk) break;
  }
  progress?.clear();
  if (!shrunk) throw notReducible(target);
  if (flags.as === 'curl' && shrunk.document.format === 'csv') throw noRequests();
  const settled = { ...settings, rules: { ...settings.rules, clipDurations: shrunk.document.clips } };
  const text = await textAs(flags.as, shrunk.document, target, settled);
  await writeAll(await openOutput(flags.output, cli.stdout), [text]);
  if (flags.quiet) return EXIT.ok;
  const run = { whole, shrunk, budget, ms: systemClock.nowMs() - began };
  for (const line of await resultLines(run, { settings, target, flags, cli }))
    cli.stderr.write(`${escaped(line)}\n`);
  return EXIT.ok;
}

/** The rule or the diagnosis to keep. @throws UserError of kind `usage` unless the flags name exactly one */
function targetOf({ rule, diagnosis }: ShrinkFlags): Target {
  const wanted = [...(rule ?? [])].filter(([key]) => key.startsWith('@')).map(([key]) => key.slice(1));
  const targets: Target[] = wanted.map((id) => ({ kind: 'rule', id: id as RuleId }));
  if (diagnosis !== undefined) targets.push({ kind: 'diagnosis', id: diagnosis });
  const [target, ...others] = targets;
  if (target && others.length === 0) return target;
  throw new UserError(
    'usage',
    target
      ? `shrink makes an input for one rule or diagnosis, received ${targets.map(({ id }) => id).join(' and ')}`
      : 'shrink needs a rule or a diagnosis',
    target
      ? 'Run shrink once for each'
      : 'Give --rule ID or --diagnosis ID; omny-consume validate shows what an input has',
  );
}

/**
 * The findings and the size of the whole input.
 * @throws UserError of kind `input` when the input is empty, of kind `data` when it lacks the finding or the diagnosis
 */
async function wholeVerdict(
  sources: readonly InputSource[],
  target: Target,
  flags: Omit<ShrinkFlags, 'rule'> & { readonly rule: Severities },
  rules: Settings['rules'],
  cli: Cli,
): Promise<Verdict> {
  const reading = await openReading(sources, flags, cli, { rules });
  const within = withinOf(flags, cli);
  const verdict = await verdictOn(reading.records, { ...rules, within }, target, true);
  reading.refuseForeign();
  if (verdict.events === 0 && verdict.rules.size === 0) throw new UserError('input', noDataText('shrink', 0));
  if (hasTarget(verdict, target)) return verdict;
  const off =
    target.kind === 'rule'
      ? severityOf(target.id, rules) === 'off'
      : diagnosisSeverityOf(target.id, rules) === 'off';
  if (off)
    throw new UserError('data', `${target.id} has the severity off`, `Add --rule ${target.id}=warning`);
  const { rules: drawn, diagnoses } = verdict;
  const others = [
    ...RULE_IDS.filter((id) => drawn.has(id)).map((id) => `--rule ${id}`),
    ...diagnoses.map((id) => `--diagnosis ${id}`),
  ];
  throw new UserError(
    'data',
    target.kind === 'rule'
      ? `the input has no finding of ${target.id}`
      : `the input has no diagnosis ${target.id}`,
    others.length === 0 ? 'It has no finding of any rule' : `It has others: ${others.join(', ')}`,
  );
}

function notText(what: string): UserError {
  return new UserError(
    'usage',
    `shrink writes the format of its input, and cannot write ${what}`,
    "Write the rows as CSV first: duckdb -csv -c 'SELECT ...' > rows.csv",
  );
}

function noRequests(): UserError {
  return new UserError(
    'usage',
    '--as curl needs events or requests, and the input is a table',
    'Leave --as out, or convert the table first: omny-consume convert --output-format bodies',
  );
}

function notReducible({ id }: Target): UserError {
  return new UserError(
    'data',
    `${id} cannot be shrunk: it is lost when shrink writes the input again`,
    'It can depend on how the file is compressed or cut off, or on a limit. Instead of an input, send the finding as omny-consume validate prints it',
  );
}

/** Texts of the command line, such as headers and values, that shrink does not replace. */
function wordsOf({
  type = [],
  map = new Map(),
  null: nulls = [],
  sessionKey = [],
}: ShrinkFlags): ReadonlySet<string> {
  const values = type.flatMap((each) => each.slice(each.indexOf('=') + 1).split(','));
  return new Set([...values, ...nulls, ...sessionKey, ...map.values()]);
}
