import type { Command } from 'commander';
import type { Start } from '../cli.js';
import { addFailOn, addGateOptions } from '../options/gates.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { guid, several, wholeNumber } from '../options/parsers.js';
import { addRuleOptions } from '../options/rules.js';
import type { MockFlags } from './mock-options.js';

const MAX_PORT = 65_535;

export function addMock(program: Command, start: Start): void {
  const command = program
    .command('mock')
    .summary('stand in for the endpoint, and tell what a player does wrong')
    .description(
      'A local stand-in for Omny’s endpoint: checks what a player sends, shows it on a page, misbehaves on demand. With a command behind --, runs it against the mock and fails where it sent nothing or something wrong.',
    )
    .usage('[options] [-- command...]')
    .argument('[command...]', 'run with OMNY_CONSUME_ENDPOINT and OMNY_CONSUME_MOCK set');
  withExamples(command, [
    'omny-consume mock',
    'omny-consume mock --port 0 --fail-on warning -- npm test',
    'omny-consume mock --fault 503@#1 --fault delay=2s@p0.1 --record bodies.ndjson',
  ]);
  valueOption(command, '--port <n>', 'port to listen at; 0 takes any free one', {
    parse: wholeNumber(0, MAX_PORT),
    default: 8787,
    env: true,
  });
  valueOption(command, '--host <addr>', 'address to listen at', { default: '127.0.0.1', env: true });
  valueOption(
    command,
    '--allow-host <name>',
    'a further name under which page and control API answer (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(
    command,
    '--record <file>',
    'write each body that arrives, one a line; a name that ends in .har gets a HAR (- is standard output)',
    {
      env: true,
      writes: true,
    },
  );
  command.option('--force', 'let --record overwrite a file that is not empty');
  valueOption(
    command,
    '--fault <spec>',
    'misbehave: KIND[=ARG][@WHEN], as 503, delay=200ms@p0.1, reset@#3 (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(
    command,
    '--seed <n>',
    'draw the same faults again, where they have a probability (default: drawn and printed)',
    {
      parse: wholeNumber(0),
      env: true,
    },
  );
  command.option('--strict', 'answer 400 to a request with an error');
  command.option('--disabled', 'answer "Enabled": false');
  valueOption(command, '--tls-cert <file>', 'speak https: the certificate, PEM', { env: true });
  valueOption(command, '--tls-key <file>', 'its private key, PEM', { env: true });
  valueOption(command, '--forward <url>', 'pass requests on to a real endpoint, and its answers back');
  command.option('-y, --yes', 'let --forward leave this machine');
  command.option('--allow-simulated', 'let --forward pass simulated sessions on, too');
  valueOption(
    command,
    '--allow-origin <origin>',
    'accept requests from web pages of this origin with --forward: http://localhost:3000 (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(
    command,
    '--script <file>',
    'compare sessions with a script as expect does; several: in order of arrival (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(command, '--session <guid>', 'compare this session alone with --script', { parse: guid });
  addFailOn(command);
  valueOption(
    command,
    '--expect-sessions <n>',
    'exit 2 unless so many sessions arrive (default: at least one)',
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
