// Preloaded (`node --import`) by steps.test.ts: numbers what the command does at its ledger and at its connections, and kills the process
// with SIGKILL at the step that DIE_AT names. The steps' names are appended to STEPS_LOG as they come.
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

const { DIE_AT, STEPS_LOG, STEPS_PORT } = process.env;
let steps = 0;

function step(name) {
  steps += 1;
  appendFileSync(STEPS_LOG, `${name}\n`);
  if (steps !== Number(DIE_AT)) return;
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

/** Everything that the ledger writes is in transactions, which begin and end by `exec`. */
function hook(prototype) {
  const { exec } = prototype;
  prototype.exec = function (sql) {
    if (sql === 'COMMIT') {
      step('in a transaction');
      step('before a commit');
      exec.call(this, sql);
      step('after a commit');
      return this;
    }
    return exec.call(this, sql);
  };
}

const own = process.getBuiltinModule('node:sqlite');
hook((own ? own.DatabaseSync : (await import('better-sqlite3')).default).prototype);

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
