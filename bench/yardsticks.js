// The programs that speed is measured against, each a whole process: `node bench/yardsticks.js NAME FILE`.
import { createReadStream } from 'node:fs';

const [, , name, file] = process.argv;

const BY_LINE = {
  'parse-loop': (line) => JSON.parse(line),
  'split-loop': (line) => line.split(','),
};

const read = BY_LINE[name];
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
