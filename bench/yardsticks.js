// The programs that speed is measured against, each a whole process: `node bench/yardsticks.js NAME FILE`.
import { createReadStream, readFileSync, writeSync } from 'node:fs';
import { copyTo } from './data.js';

const [, , name, file] = process.argv;

const BY_LINE = {
  'parse-loop': (line) => JSON.parse(line),
  'split-loop': (line) => line.split(','),
};

if (name === 'write-loop') writeAll(readFileSync(file));
else if (name === 'copy-csv') await copyTo(`SELECT * FROM '${file}'`, `${file}.csv`, 'FORMAT csv');
else await readLines(BY_LINE[name]);

/** Writes bytes that are in memory, in pieces as a program would. */
function writeAll(bytes) {
  for (let at = 0; at < bytes.length; at += 65_536)
    writeSync(1, bytes, at, Math.min(65_536, bytes.length - at));
}

async function readLines(read) {
  let lines = 0;
  let rest = '';
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop();
    for (const line of parts) {
      read(line);
      lines += 1;
    }
  }
  console.log(lines);
}
