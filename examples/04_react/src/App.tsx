import { useEffect, useState } from 'react';

import { useAuroraState, useCommand, useEvent } from './aurora';

export function App() {
  const [text, setText] = useState('');
  const [selected, setSelected] = useAuroraState('selected');
  const [notice, setNotice] = useState('');
  const shots = useCommand('list_shots');
  const publish = useCommand('publish');

  useEffect(() => void shots.run({ text }), [text, shots.run]);
  useEvent('published', ({ shot, version }) => {
    setNotice(`${shot} published as v${version}`);
    void shots.run({ text });
  });

  const list = shots.data ?? [];
  const move = (step: number) => {
    const next = list[Math.max(0, Math.min(list.length - 1, list.findIndex((shot) => shot.name === selected) + step))];
    if (next) setSelected(next.name);
  };

  return (
    <main>
      <input type="search" placeholder="Filter shots" aria-label="Filter shots" value={text}
        onChange={(event) => setText(event.target.value)} />
      <ul role="listbox" aria-label="Shots" tabIndex={0}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step) { event.preventDefault(); move(step); }
        }}>
        {list.map((shot) => (
          <li key={shot.name} role="option" aria-selected={shot.name === selected} onClick={() => setSelected(shot.name)}>
            <span>{shot.name}</span><span>{shot.frames} f</span><span className={shot.status}>{shot.status}</span>
          </li>
        ))}
        {!list.length && !shots.busy && <li className="empty">No shot is called “{text}”. Clear the filter to see all.</li>}
      </ul>
      <footer>
        <span role="status">{publish.error?.message ?? publish.progress?.message ?? notice}</span>
        {publish.busy && <progress value={publish.progress?.fraction ?? undefined} aria-label="Publishing" />}
        {publish.busy
          ? <button onClick={publish.cancel}>Cancel</button>
          : <button disabled={!selected} onClick={() => { setNotice(''); void publish.run({ shot: selected! }); }}>Publish</button>}
      </footer>
    </main>
  );
}
