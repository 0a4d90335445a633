import { SingleBar } from 'cli-progress';
import type { Cli } from './cli.js';

/** A bar on standard error, gone when it is done: `sending ====---- 50%  5/10 sessions`. */
export function progressBar(cli: Cli, doing: string, total: number): SingleBar {
  const bar = new SingleBar({
    stream: cli.stderr,
    format: `${doing} {bar} {percentage}%  {value}/{total} sessions  {eta_formatted} left`,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
  });
  bar.start(total, 0);
  return bar;
}
