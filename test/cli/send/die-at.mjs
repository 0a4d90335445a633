// Preloaded (`node --import`) by steps.test.ts: numbers what the command does at its journal and at its connections, and kills the process
// with SIGKILL at the step that DIE_AT names. The steps' names are appended to STEPS_LOG as they come.
import { appendFileSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const { DIE_AT, STEPS_LOG, STEPS_PORT } = process.env;
let steps = 0;

function step(name) {
  steps += 1;
  appendFileSync(STEPS_LOG, `${name}\n`);
  if (steps !== Number(DIE_AT)) return;
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

const file = await open(fileURLToPath(import.meta.url));
const FileHandle = Object.getPrototypeOf(file);
await file.close();

// Only the journal is written like this while a delivery runs.
const { appendFile, datasync } = FileHandle;
FileHandle.appendFile = async function (bytes) {
  step('before a write to the journal');
  const half = Math.floor(bytes.length / 2);
  writeSync(this.fd, bytes.subarray(0, half));
  step('in a write to the journal');
  await appendFile.call(this, bytes.subarray(half));
  step('after a write to the journal');
};
FileHandle.datasync = async function () {
  step('before a sync of the journal');
  await datasync.call(this);
  step('after a sync of the journal');
};

const isOurs = (socket) => socket.remotePort === Number(STEPS_PORT);

const sockets = {
  write: Reflect.get(Socket.prototype, 'write'),
  push: Reflect.get(Socket.prototype, 'push'),
};
Socket.prototype.write = function (chunk, ...rest) {
  if (!isOurs(this)) return sockets.write.call(this, chunk, ...rest);
  step('before a part of a request leaves');
  const written = sockets.write.call(this, chunk, ...rest);
  setImmediate(() => step('after a part of a request left'));
  return written;
};
Socket.prototype.push = function (chunk, ...rest) {
  if (!isOurs(this) || chunk === null) return sockets.push.call(this, chunk, ...rest);
  step('before an answer');
  const cut = chunk.indexOf('\r\n\r\n') + 4;
  sockets.push.call(this, chunk.subarray(0, cut), ...rest);
  setImmediate(() => {
    step('between the headers and the body of an answer');
    sockets.push.call(this, chunk.subarray(cut), ...rest);
    setImmediate(() => step('after an answer'));
  });
  return true;
};
