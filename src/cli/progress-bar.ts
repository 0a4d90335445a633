import { SingleBar } from 'cli-progress';
import type { Cli } from './cli.js';

/**
 * A bar on standard error, gone when it is done: `sending ====---- 50%  5/10 sessions`.
 * @param behind What is told behind the count; of what `update` is given besides, `left` may be in it.
 */
export function progressBar(
  cli: Cli,
  doing: string,
  total: number,
  behind = '  {eta_formatted} left',
): SingleBar {
  const bar = new SingleBar({
    stream: cli.stderr,
    format: `${doing} {bar} {percentage}%  {value}/{total} sessions${behind}`,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
  });
  bar.start(total, 0, { left: '' });
  return bar;
}
