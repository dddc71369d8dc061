/**
 * React hooks for the bridge, typed by the file of `auroraview-qt types`. Written by `auroraview-qt types --hooks react`.
 * A page needs no package of ours: the runtime is there before the first line of the page.
 */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';

/** The params of a command or stream, as the rest arguments of `run`. */
type Params<Entry> = Entry extends { params: infer Given } ? ({} extends Given ? [params?: Given] : [params: Given]) : [params?: unknown];

/** Run `fn` at each event of Python. */
export function useEvent<Name extends AuroraViewName<AuroraViewEvents>>(
  event: Name, fn: (detail: AuroraViewValue<AuroraViewEvents, Name>) => unknown,
): void {
  const newest = useRef(fn);
  useEffect(() => {
    newest.current = fn;
  });
  useEffect(() => auroraview.on(event, (detail) => newest.current(detail)), [event]);
}

/** Return a key of the shared state and its setter. The component renders again when either side changes the key. */
export function useAuroraState<Key extends AuroraViewName<AuroraViewState>>(key: Key) {
  type Value = AuroraViewValue<AuroraViewState, Key>;
  const read = (): Value | undefined => (auroraview.state.snapshot() as { [name: string]: any })[key];
  const value = useSyncExternalStore(auroraview.state.onChange, read);
  const set = useCallback((next: Value) => {
    (auroraview.state as { [name: string]: any })[key] = next;
  }, [key]);
  return [value, set] as const;
}

/** Return an `AbortSignal` for each new run, and a function that aborts the last one. The component's end aborts it too. */
function useAbort() {
  const last = useRef<AbortController | null>(null);
  const cancel = useCallback(() => last.current?.abort(), []);
  useEffect(() => cancel, [cancel]);
  const begin = useCallback(() => {
    cancel();
    return (last.current = new AbortController()).signal;
  }, [cancel]);
  const isCurrent = useCallback((signal: AbortSignal) => last.current?.signal === signal, []);
  return { begin, cancel, isCurrent };
}

const unlessCancelled = (error: AuroraError) => (error.code === 'CANCELLED' ? undefined : error);

interface Outcome<Result> {
  data?: Result;
  error?: AuroraError;
  progress?: { fraction: number | null; message: string };
  busy: boolean;
}

/** Return functions that `run` and `cancel` a command, and the outcome of the last run. */
export function useCommand<Name extends AuroraViewName<AuroraViewCommands>>(name: Name) {
  type Entry = AuroraViewValue<AuroraViewCommands, Name>;
  type Result = AuroraViewResult<Entry>;
  const [outcome, setOutcome] = useState<Outcome<Result>>({ busy: false });
  const { begin, cancel, isCurrent } = useAbort();
  const run = useCallback(async (...[params]: Params<Entry>): Promise<void> => {
    const signal = begin();
    const tell = (next: Outcome<Result>) => void (isCurrent(signal) && setOutcome(next));
    const onProgress = (fraction: number | null, message: string) => tell({ busy: true, progress: { fraction, message } });
    const call = auroraview.call as (name: string, params: unknown, options: AuroraViewCallOptions) => Promise<Result>;
    setOutcome((last) => ({ ...last, busy: true, error: undefined, progress: undefined }));
    await call(name, params, { signal, timeout: 0, onProgress }).then(
      (data) => tell({ busy: false, data }),
      (error: AuroraError) => tell({ busy: false, error: unlessCancelled(error) }),
    );
  }, [name, begin, isCurrent]);
  return { ...outcome, run, cancel };
}

interface Streamed<Item> {
  items: readonly Item[];
  error?: AuroraError;
  busy: boolean;
}

/** Return functions that `run` and `cancel` a stream, and the items that have come so far, once a frame at most. */
export function useStream<Name extends AuroraViewName<AuroraViewStreams>>(name: Name) {
  type Entry = AuroraViewValue<AuroraViewStreams, Name>;
  type Item = AuroraViewItem<Entry>;
  const [streamed, setStreamed] = useState<Streamed<Item>>({ items: [], busy: false });
  const { begin, cancel, isCurrent } = useAbort();
  const run = useCallback(async (...[params]: Params<Entry>): Promise<void> => {
    const signal = begin();
    const items: Item[] = [];
    let frame = 0;
    const tell = (rest: { busy: boolean; error?: AuroraError }) => {
      cancelAnimationFrame(frame);
      frame = 0;
      if (isCurrent(signal)) setStreamed({ items: items.slice(), ...rest });
    };
    const stream = auroraview.stream as (
      name: string, params: unknown, options: AuroraViewCallOptions) => AsyncIterable<Item>;
    tell({ busy: true });
    try {
      for await (const item of stream(name, params, { signal })) {
        items.push(item);
        frame = frame || requestAnimationFrame(() => tell({ busy: true }));
      }
      tell({ busy: false });
    } catch (error) {
      tell({ busy: false, error: unlessCancelled(error as AuroraError) });
    }
  }, [name, begin, isCurrent]);
  return { ...streamed, run, cancel };
}
