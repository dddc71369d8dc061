/**
 * Vue composables for the bridge, typed by the file of `auroraview-qt types`. Written by `auroraview-qt types --hooks vue`.
 * A page needs no package of ours: the runtime is there before the first line of the page.
 */

import { computed, onScopeDispose, shallowRef } from 'vue';
import type { ShallowRef, WritableComputedRef } from 'vue';

/** The params of a command or stream, as the rest arguments of `run`. */
type Params<Entry> = Entry extends { params: infer Given } ? ({} extends Given ? [params?: Given] : [params: Given]) : [params?: unknown];

/** Run `fn` at each event of Python. */
export function useEvent<Name extends AuroraViewName<AuroraViewEvents>>(
  event: Name, fn: (detail: AuroraViewValue<AuroraViewEvents, Name>) => unknown,
): void {
  onScopeDispose(auroraview.on(event, fn));
}

/** Return a key of the shared state as a ref. It changes when either side changes the key; setting it sets the key. */
export function useAuroraState<Key extends AuroraViewName<AuroraViewState>>(key: Key) {
  type Value = AuroraViewValue<AuroraViewState, Key> | undefined;
  const read = (): Value => (auroraview.state.snapshot() as { [name: string]: any })[key];
  const value = shallowRef(read()) as ShallowRef<Value>;
  onScopeDispose(auroraview.state.onChange((changed) => {
    if (changed === key) value.value = read();
  }));
  const set = (next: Value) => {
    const state = auroraview.state as { [name: string]: any };
    if (next === undefined) delete state[key];
    else state[key] = next;
  };
  return computed({ get: () => value.value, set }) as WritableComputedRef<Value>;
}

/** Return an `AbortSignal` for each new run, and a function that aborts the last one. The component's end aborts it too. */
function useAbort() {
  let last: AbortController | undefined;
  const cancel = () => last?.abort();
  onScopeDispose(cancel);
  const begin = () => {
    cancel();
    return (last = new AbortController()).signal;
  };
  const isCurrent = (signal: AbortSignal) => last?.signal === signal;
  return { begin, cancel, isCurrent };
}

const unlessCancelled = (error: AuroraError) => (error.code === 'CANCELLED' ? undefined : error);

/** Return functions that `run` and `cancel` a command, and refs with the outcome of the last run. */
export function useCommand<Name extends AuroraViewName<AuroraViewCommands>>(name: Name) {
  type Entry = AuroraViewValue<AuroraViewCommands, Name>;
  type Result = AuroraViewResult<Entry>;
  const data = shallowRef() as ShallowRef<Result | undefined>;
  const error = shallowRef<AuroraError>();
  const progress = shallowRef<{ fraction: number | null; message: string }>();
  const busy = shallowRef(false);
  const { begin, cancel, isCurrent } = useAbort();
  const run = async (...[params]: Params<Entry>): Promise<void> => {
    const signal = begin();
    const onProgress = (fraction: number | null, message: string) => {
      if (isCurrent(signal)) progress.value = { fraction, message };
    };
    const finish = (result: Result | undefined, failure?: AuroraError) => {
      if (!isCurrent(signal)) return;
      [data.value, error.value, progress.value, busy.value] = [result, failure, undefined, false];
    };
    const call = auroraview.call as (name: string, params: unknown, options: AuroraViewCallOptions) => Promise<Result>;
    [error.value, progress.value, busy.value] = [undefined, undefined, true];
    await call(name, params, { signal, timeout: 0, onProgress }).then(
      (result) => finish(result),
      (failure: AuroraError) => finish(undefined, unlessCancelled(failure)),
    );
  };
  return { data, error, progress, busy, run, cancel };
}

/** Return functions that `run` and `cancel` a stream, and refs with the items that have come so far, once a frame at most. */
export function useStream<Name extends AuroraViewName<AuroraViewStreams>>(name: Name) {
  type Entry = AuroraViewValue<AuroraViewStreams, Name>;
  type Item = AuroraViewItem<Entry>;
  const items = shallowRef([]) as ShallowRef<readonly Item[]>;
  const error = shallowRef<AuroraError>();
  const busy = shallowRef(false);
  const { begin, cancel, isCurrent } = useAbort();
  const run = async (...[params]: Params<Entry>): Promise<void> => {
    const signal = begin();
    const come: Item[] = [];
    let frame = 0;
    const tell = (isBusy: boolean, failure?: AuroraError) => {
      cancelAnimationFrame(frame);
      frame = 0;
      if (isCurrent(signal)) [items.value, busy.value, error.value] = [come.slice(), isBusy, failure];
    };
    const stream = auroraview.stream as (
      name: string, params: unknown, options: AuroraViewCallOptions) => AsyncIterable<Item>;
    tell(true);
    try {
      for await (const item of stream(name, params, { signal })) {
        come.push(item);
        frame = frame || requestAnimationFrame(() => tell(true));
      }
      tell(false);
    } catch (failure) {
      tell(false, unlessCancelled(failure as AuroraError));
    }
  };
  return { items, error, busy, run, cancel };
}
