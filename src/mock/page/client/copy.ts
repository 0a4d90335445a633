import { byId } from '../../../browser/element.js';

const SHOWN_MS = 1600;

/** Makes a button copy what `text` gives at that moment, and say that it did. */
export function copies(button: HTMLButtonElement, text: () => string): void {
  const label = button.textContent ?? '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', () => {
    void toClipboard(text()).then((done) => {
      button.textContent = done ? 'Copied' : 'Press Ctrl+C';
      button.classList.toggle('done', done);
      byId('announcer').textContent = done ? 'Copied' : 'Could not copy';
      clearTimeout(timer);
      timer = setTimeout(() => {
        button.textContent = label;
        button.classList.remove('done');
      }, SHOWN_MS);
    });
  });
}

/** Pages without TLS on another host than loopback have no clipboard: the old way works there. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

function copyOldWay(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
