import { createApp, defineComponent, h, ref } from 'vue';

import { useAuroraState, useCommand, useEvent, useStream } from './aurora';

const Page = defineComponent(() => {
  const selected = useAuroraState('selected');
  const frame = useAuroraState('frame');
  const notes = useAuroraState('notes');
  const versions = ref<number[]>([]);
  const double = useCommand('double');
  const wait = useCommand('wait');
  const count = useStream('count');
  useEvent('published', ({ version }) => versions.value.push(version));

  const button = (id: string, onClick: () => void) => h('button', { id, onClick }, id);
  const output = (id: string, ...parts: unknown[]) => h('output', { id }, parts.join(' '));
  return () => {
    const name: string | undefined = selected.value;
    const next: number = (frame.value ?? 0) + 1;
    const sum: number = count.items.value.reduce((total, item) => total + item, 0);
    return h('main', [
      output('state', name ?? 'none', frame.value ?? 'none', notes.value?.length ?? 'none'),
      output('events', versions.value.join()),
      output('command', double.error.value?.message ?? double.data.value ?? 'none'),
      output('wait', wait.busy.value ? wait.progress.value?.message ?? 'busy' : 'idle'),
      output('stream', count.busy.value ? 'busy' : count.error.value?.code ?? 'idle', count.items.value.length, sum),
      button('select', () => { selected.value = 'sh020'; }),
      button('next', () => { frame.value = next; }),
      button('double', () => void double.run({ number: 21 })),
      button('fail', () => void double.run({ number: 2000 })),
      button('begin', () => void wait.run()),
      button('cancel', wait.cancel),
      button('count', () => void count.run({ end: 100 })),
    ]);
  };
});

createApp(Page).mount('#root');

/** Mistakes that the compiler has to find. */
export function useWrongly() {
  // @ts-expect-error a number is no string
  useAuroraState('selected').value = 3;
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
  useStream('count').items.value.map((item) => item.length);
}
