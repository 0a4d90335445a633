import { Command } from 'commander';
import { VERSION } from '../domain/version.js';
import type { Cli } from './cli.js';
import { findConfig } from './config/find.js';
import { addConvert } from './convert/command.js';
import { addExpect } from './expect/command.js';
import { addJournal } from './journal/command.js';
import { addMock } from './mock/command.js';
import { withExamples } from './options/common.js';
import { optionHelp } from './options/option.js';
import { addReport } from './report/command.js';
import { addRules } from './rules/command.js';
import { addSchema } from './schema/command.js';
import { addSend } from './send/command.js';
import { addSimulate } from './simulate/command.js';
import { addValidate } from './validate/command.js';

const ENVIRONMENT =
  'an option with a value that is given once can be set there too, as\nOMNY_CONSUME_ENDPOINT for --endpoint. Flags win.\nConfig file: omny-consume.config.json, in this folder or one above, sets options by\nname, as {"maxWarnings": 0}. Flags and environment win.';

/** Runs what a command does, and takes its exit code: a documented one, or that of a command which `mock` ran. */
export type Start = (run: (cli: Cli) => Promise<number>) => Promise<void>;

/** The command line: its commands, their options and help. What they do is imported only when one is run. */
export function createProgram(cli: Cli, start: Start): Command {
  const program = new Command('omny-consume')
    .description('Test and replay podcast listening data for Omny Studio’s consumption API.')
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ optionDescription: optionHelp })
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      writeErr: (text) => cli.stderr.write(text),
      getOutHelpWidth: () => Math.min(cli.stdout.columns ?? 100, 110),
      getErrHelpWidth: () => Math.min(cli.stderr.columns ?? 100, 110),
    });
  withExamples(program, [
    'omny-consume validate plays.csv',
    'omny-consume simulate --sessions 20 | omny-consume send --endpoint mock',
    'omny-consume send --endpoint omny --dry-run plays.csv',
  ]);
  program.hook('preAction', async (_, command) => {
    const path = findConfig(cli.cwd());
    if (path !== null) await (await import('./config/apply.js')).applyConfig(path, command, cli);
  });
  addValidate(program, start);
  addSimulate(program, start);
  addSend(program, start);
  addConvert(program, start);
  addReport(program, start);
  addJournal(program, start);
  addMock(program, start);
  addExpect(program, start);
  addRules(program, start);
  addSchema(program, start);
  for (const command of program.commands) {
    command
      .copyInheritedSettings(program)
      .showHelpAfterError(`See omny-consume ${command.name()} --help`)
      .addHelpText('after', `\nEnvironment: ${ENVIRONMENT}`);
  }
  return program;
}
