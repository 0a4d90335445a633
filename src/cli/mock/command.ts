import type { Command } from 'commander';
import type { Start } from '../cli.js';
import { addFailOn, addGateOptions } from '../options/gates.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { guid, several, wholeNumber } from '../options/parsers.js';
import { addRequireOption, addRuleOptions } from '../options/rules.js';
import type { MockFlags } from './mock-options.js';

const MAX_PORT = 65_535;

export function addMock(program: Command, start: Start): void {
  const command = program
    .command('mock')
    .summary('run a local endpoint that checks what a player sends')
    .description(
      'A local endpoint instead of Omny’s: it checks what a player sends, shows it on a page, and fails on demand. Give a command after -- to run it against the mock: the mock fails if the command sends nothing, or sends data with errors.',
    )
    .usage('[options] [-- command...]')
    .argument('[command...]', 'a command to run with OMNY_CONSUME_ENDPOINT and OMNY_CONSUME_MOCK set');
  withExamples(command, [
    'omny-consume mock',
    'omny-consume mock --port 0 --fail-on warning -- npm test',
    'omny-consume mock --certify --require pause,seek-forward,leave-page',
    'omny-consume mock --fault 503@#1 --record bodies.ndjson',
  ]);
  valueOption(command, '--port <n>', 'port to listen on; 0 picks a free one', {
    parse: wholeNumber(0, MAX_PORT),
    default: 8787,
    env: true,
  });
  valueOption(command, '--host <addr>', 'address to listen on', { default: '127.0.0.1', env: true });
  valueOption(
    command,
    '--allow-host <name>',
    'accept this host name, too, for the page and the control API (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(
    command,
    '--record <file>',
    'write each request body on its own line; a name that ends in .har writes a HAR (- is standard output)',
    {
      env: true,
      writes: true,
    },
  );
  command.option('--force', 'allow --record to overwrite a file that is not empty');
  valueOption(
    command,
    '--fault <spec>',
    'fail on purpose: KIND[=ARG][@WHEN], such as 503, delay=200ms@p0.1 or reset@#3 (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(command, '--seed <n>', 'repeat the same random faults (default: a random seed, printed)', {
    parse: wholeNumber(0),
    env: true,
  });
  command.option('--strict', 'answer 400 to a request with an error');
  command.option('--disabled', 'answer "Enabled": false');
  valueOption(command, '--tls-cert <file>', 'serve https with this certificate, PEM', { env: true });
  valueOption(command, '--tls-key <file>', 'the certificate’s private key, PEM', { env: true });
  valueOption(command, '--forward <url>', 'forward requests to a real endpoint and return its responses');
  command.option('-y, --yes', 'allow --forward to send to another host');
  command.option('--allow-simulated', 'allow --forward to send simulated sessions to another host');
  valueOption(
    command,
    '--allow-origin <origin>',
    'with --forward, accept requests from web pages of this origin, such as http://localhost:3000 (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(
    command,
    '--script <file>',
    'compare each session with a script, as expect does (repeatable: one per session, in order of arrival)',
    { parse: several, several: 'list' },
  );
  valueOption(command, '--session <guid>', 'with --script, compare only this session', { parse: guid });
  command.option(
    '--certify',
    'at the end, print which behaviours the player showed right, wrong, or not at all',
  );
  addRequireOption(command, '; implies --certify');
  addFailOn(command);
  valueOption(
    command,
    '--expect-sessions <n>',
    'exit 2 unless exactly this many sessions arrive (default: at least one)',
    {
      parse: wholeNumber(0),
      env: true,
    },
  );
  addCommonOptions(addGateOptions(addRuleOptions(command)));
  command.action((words: string[], flags: MockFlags) =>
    start(async (cli) => (await import('./run.js')).runMock(words, flags, cli)),
  );
}
