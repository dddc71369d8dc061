// Uses every way over the bridge, in both directions, small and large.
(async () => {
  auroraview.on('down', () => steal.event());
  window.addEventListener('down', () => steal.event());
  auroraview.emit('up', 'small');
  window.dispatchEvent(new CustomEvent('up', { detail: 'dom' }));
  ipc.postMessage('{"type":"event","event":"up","detail":"raw"}');
  auroraview.emit('bad name');
  auroraview.state.colour = 'red';
  const answers = [await auroraview.call('echo', [{ a: ['b'] }]), await auroraview.call('missing').catch((e) => e.code)];
  for await (const part of auroraview.stream('count')) { answers.push(part); }
  auroraview.emit('up', 'x'.repeat(300000));
  auroraview.emit('up', answers);
})().catch((error) => auroraview.emit('up', String(error && error.stack)));
