import type { Command } from 'commander';
import { BEHAVIOUR_IDS } from '../../certify/define.js';
import type { Start } from '../cli.js';
import { addInputOptions } from '../options/input.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { addClipsOption, addMaxSpeedOption, addRequireOption, SHEET_FORMATS } from '../options/rules.js';
import type { CertifyFlags } from './run.js';

export function addCertify(program: Command, start: Start): void {
  const command = program
    .command('certify')
    .summary('check the behaviours of a player in a capture')
    .description(
      `Checks ${BEHAVIOUR_IDS.length} behaviours of a player, such as pausing or sending again after 503. For each behaviour it reports whether a capture shows it right, wrong, or not at all, and what to do with the player to show it. Without --require, it fails if a behaviour is wrong. With --require, only the named behaviours count, and each must be seen right.`,
    );
  withExamples(command, [
    'omny-consume certify player.har',
    'omny-consume certify --clips clips.csv --require all player.har',
    'omny-consume certify --require pause,leave-page recorded/*.ndjson',
    'omny-consume certify --format html -o sheet.html player.har',
    'omny-consume simulate --profile tester --sessions 8 | omny-consume certify',
  ]);
  addInputOptions(command);
  addRequireOption(command);
  valueOption(command, '--format <format>', 'format of the sheet', {
    choices: SHEET_FORMATS,
    default: 'pretty',
    env: true,
  });
  addMaxSpeedOption(command);
  addClipsOption(command);
  addCommonOptions(command);
  command.action((files: string[], flags: CertifyFlags) =>
    start(async (cli) => (await import('./run.js')).runCertify(files, flags, cli)),
  );
}
