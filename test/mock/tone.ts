const RATE = 8000;

/** A tone as a WAV file: 8 bits, mono. */
export function toneWav(seconds: number): Buffer {
  const samples = Math.round(RATE * seconds);
  const file = Buffer.alloc(44 + samples);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples, 40);
  for (let i = 0; i < samples; i += 1)
    file[44 + i] = 128 + Math.round(60 * Math.sin((i / RATE) * 440 * 2 * Math.PI));
  return file;
}
