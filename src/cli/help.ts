import type { Command, Option } from 'commander';
import { EXIT, type ExitCode } from './cli.js';
import { indented } from './terminal.js';

/**
 * The help group of each option, by its name; groups are in the order of the help. `mock.fault` is `--fault` of the
 * command mock; other commands have another `--fault`.
 */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Input:': ['input-format', 'query', 'script', 'compare', 'portal', 'salvage', 'memory'],
  'Table:': [
    'shape',
    'map',
    'type',
    'gap',
    'session-key',
    'null',
    'delimiter',
    'timezone',
    'timestamp-unit',
    'duration-unit',
    'position-unit',
    'clip-duration-unit',
    'organization',
    'clip-map',
  ],
  'Sessions to make:': [
    'simulate.sessions',
    'simulate.seed',
    'simulate.organization',
    'simulate.clip',
    'simulate.clips',
    'simulate.start',
    'simulate.period',
    'simulate.profile',
    'simulate.script',
    'simulate.fault',
    'simulate.shard',
  ],
  'Which sessions:': [
    'since',
    'until',
    'skip-unmapped',
    'limit',
    'shard',
    'shard-count',
    'clip',
    'session',
    'state',
    'run',
  ],
  'Network:': [
    'endpoint',
    'ca',
    'port',
    'host',
    'allow-host',
    'tls-cert',
    'tls-key',
    'forward',
    'allow-origin',
  ],
  'Responses:': ['mock.fault', 'mock.seed', 'strict', 'disabled'],
  'Safety:': [
    'dry-run',
    'print-curl',
    'ledger',
    'no-ledger',
    'known',
    'wait',
    'retry-refused',
    'on-ambiguous',
    'settle',
    'skip-invalid',
    'yes',
    'allow-simulated',
    'allow-long',
    'ledger-anywhere',
    'force',
  ],
  'Pace and retries:': [
    'batch-sessions',
    'batch-bytes',
    'concurrency',
    'rate',
    'timeout',
    'retries',
    'deadline',
    'max-refused',
    'pace',
    'max-gap',
  ],
  'Rewriting:': [
    'source',
    'shift-to',
    'new-session-ids',
    'set-organization',
    'set-clip',
    'fix',
    'close-open',
  ],
  'Rules:': ['rule', 'diagnosis', 'min-duration', 'max-speed', 'clips', 'include-invalid'],
  'When to fail:': [
    'max-warnings',
    'fail-on',
    'fail-if',
    'expect-sessions',
    'allow',
    'baseline',
    'update-baseline',
    'mock.certify',
    'require',
  ],
  'Output:': [
    'format',
    'output-format',
    'output',
    'bin',
    'graphs',
    'max-findings',
    'labels',
    'fix-log',
    'unreadable',
    'explain',
    'record',
    'dead-letter',
    'status',
    'example',
    'as',
    'schema.config',
    'event',
    'openapi',
    'csv',
    'typescript',
  ],
  'General:': ['config', 'no-config', 'print-config', 'quiet', 'verbose', 'color', 'now', 'help', 'version'],
};

const GROUP_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(GROUPS).flatMap(([group, names]) => names.map((name) => [name, group] as const)),
);
const GENERAL = 'General:';

/** The group of an option in the help of a command; undefined when `GROUPS` does not name it. */
export function groupOf(command: Command, option: Option): string | undefined {
  const name = option.long?.slice(2) ?? '';
  return GROUP_OF.get(`${command.name()}.${name}`) ?? GROUP_OF.get(name);
}

/** The items of a command's help in groups, in the order of `GROUPS`: the form that commander asks for. */
export function groupItems<Item>(
  _: readonly Item[],
  items: readonly Item[],
  groupOfItem: (item: Item) => string,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>(Object.keys(GROUPS).map((group) => [group, []]));
  for (const item of items) {
    const group = groupOfItem(item);
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  return new Map([...groups].filter(([, its]) => its.length > 0));
}

/** Other ways to set options than the command line. */
function settingsText({ options }: Command): readonly string[] {
  const named = options.find(({ envVar }) => envVar !== undefined);
  const inFile =
    'You can also set options in a config file, omny-consume.config.json in this folder or one above: {"maxWarnings": 0}. Flags win over the environment, and both win over the file.';
  return named
    ? [
        `You can also set most options with a value in the environment: ${named.envVar} for ${named.long}.`,
        inFile,
      ]
    : [inFile];
}

/** The meaning of exit codes that is the same for all commands. */
const MEANING: Partial<Record<ExitCode, string>> = {
  [EXIT.ok]: 'success',
  [EXIT.invalid]: 'the data has errors, or some of it could not be read',
  [EXIT.usage]: 'wrong usage, an input that is empty or cannot be read, an output that cannot be written',
  [EXIT.incomplete]: 'the delivery is incomplete; the message names the command that resumes it',
  [EXIT.disabled]: 'the endpoint answered "Enabled": false',
  [EXIT.refused]: 'delivered, except sessions that were refused or that changed after delivery',
};

/** The end of a command's help, below its options. */
export interface HelpEnd {
  /** The exit codes of the command; with a text when a code means something else than `MEANING` says. */
  readonly exits: readonly (ExitCode | readonly [ExitCode, string])[];
  /** The page that documents it, as a path in the package. */
  readonly docs: string;
}

const DATA = [EXIT.ok, EXIT.invalid, EXIT.usage] as const;
const DIFFERENT = 'a session differs, is missing, or has errors';

const ENDS: Readonly<Record<string, HelpEnd>> = {
  validate: { exits: DATA, docs: 'docs/rules.md, docs/ci.md' },
  simulate: { exits: [EXIT.ok, EXIT.usage], docs: 'docs/simulate.md' },
  send: {
    exits: [...DATA, EXIT.incomplete, EXIT.disabled, EXIT.refused],
    docs: 'docs/backfill.md, docs/ledger.md',
  },
  convert: { exits: DATA, docs: 'docs/formats.md, docs/mending.md' },
  report: {
    exits: [EXIT.ok, [EXIT.invalid, 'the data has errors, or a change that --fail-if names'], EXIT.usage],
    docs: 'docs/report.md',
  },
  ledger: {
    exits: [EXIT.ok, [EXIT.usage, 'wrong usage, or the ledger cannot be read']],
    docs: 'docs/ledger.md',
  },
  mock: {
    exits: [
      EXIT.ok,
      [
        EXIT.invalid,
        'findings reach --fail-on, events arrived at another path or with another method, the sheet of --certify does not pass, or the command after -- failed',
      ],
      [EXIT.usage, 'wrong usage, no session arrived, or another number than --expect-sessions says'],
    ],
    docs: 'docs/player.md, docs/ci.md',
  },
  expect: { exits: [EXIT.ok, [EXIT.invalid, DIFFERENT], EXIT.usage], docs: 'docs/player.md' },
  certify: {
    exits: [
      EXIT.ok,
      [EXIT.invalid, 'a behaviour is wrong, a required one is not seen right, or parts could not be read'],
      EXIT.usage,
    ],
    docs: 'docs/certify.md',
  },
  shrink: {
    exits: [EXIT.ok, [EXIT.invalid, 'the input has no such finding or diagnosis'], EXIT.usage],
    docs: 'docs/shrink.md',
  },
  rules: { exits: [EXIT.ok, EXIT.usage], docs: 'docs/rules.md, docs/diagnoses.md' },
  recorder: { exits: [EXIT.ok, EXIT.usage], docs: 'docs/player.md' },
  schema: { exits: [EXIT.ok, EXIT.usage], docs: 'docs/outputs.md, docs/formats.md' },
  completion: { exits: [EXIT.ok, EXIT.usage], docs: 'README.md' },
};

/** Lays out the help of a command. Call it once the command has all its options. */
export function layOutHelp(command: Command): void {
  for (const option of command.options) option.helpGroup(groupOf(command, option) ?? GENERAL);
  command.addHelpOption(command.createOption('-h, --help', 'display help for command').helpGroup(GENERAL));
  const end = ENDS[command.name()];
  if (!end) return;
  command.addHelpText('after', ({ error }) => {
    const output = command.configureOutput();
    const width = (error ? output.getErrHelpWidth?.() : output.getOutHelpWidth?.()) ?? 80;
    const exits = end.exits.map((exit) => {
      const [code, text] = typeof exit === 'number' ? [exit, MEANING[exit] ?? ''] : exit;
      return `  ${code}  ${indented(text, 5, width).trimStart()}\n`;
    });
    const settings = settingsText(command).map((line) => indented(line, 0, width));
    return `\nExit codes:\n${exits.join('')}\nDocs: ${end.docs}\n${settings.join('\n')}`;
  });
}
