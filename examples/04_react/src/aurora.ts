/** Hooks for the bridge. Copy this file: pages need no package of ours, the runtime is there before their first line. */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';

/** Run `fn` at each event of Python. */
export function useEvent<Name extends keyof AuroraViewEvents>(event: Name, fn: (detail: AuroraViewEvents[Name]) => void) {
  const newest = useRef(fn);
  useEffect(() => {
    newest.current = fn;
  });
  useEffect(() => auroraview.on(event, (detail) => newest.current(detail)), [event]);
}

/** A key of the shared state and what sets it; the component is drawn anew when either side changes it. */
export function useAuroraState<Key extends keyof AuroraViewState>(key: Key) {
  const value = useSyncExternalStore(auroraview.state.onChange, () => auroraview.state.snapshot()[key]);
  const set = useCallback((next: AuroraViewState[Key]) => void (auroraview.state[key] = next), [key]);
  return [value as AuroraViewState[Key] | undefined, set] as const;
}

interface Outcome<Result> {
  data?: Result;
  error?: AuroraError;
  progress?: { fraction: number | null; message: string };
  busy: boolean;
}

/** A command: `run` it, `cancel` it, and what has become of it; a component that goes cancels it. */
export function useCommand<Name extends keyof AuroraViewCommands>(name: Name) {
  type Entry = AuroraViewCommands[Name];
  const [outcome, setOutcome] = useState<Outcome<Entry['result']>>({ busy: false });
  const stop = useRef<AbortController>(null);
  const cancel = useCallback(() => stop.current?.abort(), []);
  useEffect(() => cancel, [cancel]);
  const run = useCallback(async (params: Entry['params']) => {
    stop.current?.abort();
    const { signal } = (stop.current = new AbortController());
    const tell = (next: Outcome<Entry['result']>) => void (stop.current?.signal === signal && setOutcome(next));
    setOutcome((last) => ({ ...last, busy: true, error: undefined, progress: undefined }));
    const call = auroraview.call as (name: Name, params: unknown, options: object) => Promise<Entry['result']>;
    await call(name, params, { signal, timeout: 0, onProgress: (fraction: number | null, message: string) =>
      tell({ busy: true, progress: { fraction, message } }) }).then(
      (data) => tell({ busy: false, data }),
      (error: AuroraError) => tell({ busy: false, error: error.code === 'CANCELLED' ? undefined : error }),
    );
  }, [name]);
  return { ...outcome, run, cancel };
}
