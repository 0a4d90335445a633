// An endpoint on this machine that answers as the real one does and counts what it was posted: a process of its own, so that it takes no time
// from those who post.
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const ANSWER = Buffer.from('{"Enabled":true}');

if (process.argv[2] === 'serve') serve();

/** Starts it. `count` gives how many requests and bytes came since it was asked last. */
export async function startEndpoint() {
  const server = fork(SELF, ['serve'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const told = () => new Promise((done) => server.once('message', done));
  const { port } = await told();
  return {
    url: `http://127.0.0.1:${port}/api/consumption/events`,
    count() {
      server.send('count');
      return told();
    },
    stop: () => server.disconnect(),
  };
}

function serve() {
  let requests = 0;
  let bytes = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.on('data', (chunk) => {
      bytes += chunk.length;
    });
    request.on('end', () =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length })
        .end(ANSWER),
    );
  });
  process.on('disconnect', () => process.exit());
  process.on('message', () => {
    process.send({ requests, bytes });
    requests = 0;
    bytes = 0;
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}
