import { useState } from 'react';
import { createRoot } from 'react-dom/client';

import { useAuroraState, useCommand, useEvent, useStream } from './aurora';

function Page() {
  const [selected, setSelected] = useAuroraState('selected');
  const [frame, setFrame] = useAuroraState('frame');
  const [notes] = useAuroraState('notes');
  const [versions, setVersions] = useState<number[]>([]);
  const double = useCommand('double');
  const wait = useCommand('wait');
  const count = useStream('count');
  useEvent('published', ({ version }) => setVersions([...versions, version]));

  const name: string | undefined = selected;
  const next: number = (frame ?? 0) + 1;
  const sum: number = count.items.reduce((total, item) => total + item, 0);
  return (
    <main>
      <output id="state">{name ?? 'none'} {frame ?? 'none'} {notes?.length ?? 'none'}</output>
      <output id="events">{versions.join()}</output>
      <output id="command">{double.error?.message ?? double.data ?? 'none'}</output>
      <output id="wait">{wait.busy ? wait.progress?.message ?? 'busy' : 'idle'}</output>
      <output id="stream">{count.busy ? 'busy' : count.error?.code ?? 'idle'} {count.items.length} {sum}</output>
      <button id="select" onClick={() => setSelected('sh020')}>select</button>
      <button id="next" onClick={() => setFrame(next)}>next</button>
      <button id="double" onClick={() => void double.run({ number: 21 })}>double</button>
      <button id="fail" onClick={() => void double.run({ number: 2000 })}>fail</button>
      <button id="begin" onClick={() => void wait.run()}>wait</button>
      <button id="cancel" onClick={wait.cancel}>cancel</button>
      <button id="count" onClick={() => void count.run({ end: 100 })}>count</button>
    </main>
  );
}

createRoot(document.getElementById('root')!).render(<Page />);

/** Mistakes that the compiler has to find. */
export function useWrongly() {
  const [, setSelected] = useAuroraState('selected');
  // @ts-expect-error a number is no string
  setSelected(3);
  // @ts-expect-error there is no such key
  useAuroraState('selectd');
  // @ts-expect-error there is no such event
  useEvent('publishd', () => undefined);
  // @ts-expect-error the event carries no such member
  useEvent('published', ({ path }) => path);
  const double = useCommand('double');
  // @ts-expect-error a string is no number
  void double.run({ number: '3' });
  // @ts-expect-error the command needs params
  void double.run();
  // @ts-expect-error a stream is no command
  useCommand('count');
  // @ts-expect-error a command is no stream
  useStream('double');
  // @ts-expect-error items are numbers
  useStream('count').items.map((item) => item.length);
}
