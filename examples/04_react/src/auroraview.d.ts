/**
 * What a page finds on `window` inside an auroraview_qt view. Reference it from TypeScript, or from JavaScript with
 * `/// <reference path="auroraview.d.ts" />`.
 */

/** What Python and the runtime answer a call with when it fails. */
interface AuroraError extends Error {
  /** Stable, the same in Python: `COMMAND_NOT_FOUND`, `INVALID_ARGS`, `CALL_FAILED`, `TIMEOUT`, `CANCELLED` … */
  code: string;
  /** What the Python error carried, null or undefined where nothing. */
  data: unknown;
  /** Python's traceback, in development only. */
  traceback?: string;
}

interface AuroraViewCallOptions {
  /** Milliseconds until the call fails with `TIMEOUT`; 0 waits for ever. */
  timeout?: number;
  /** Aborting it cancels the command, and the call rejects with an `AbortError`. */
  signal?: AbortSignal;
  /** Told what the command reports of itself: from 0 to 1, or null where that is not known, and a message. */
  onProgress?: (fraction: number | null, message: string) => unknown;
}

/** What an exposed function gets beside its params. */
interface AuroraViewExposedContext {
  /** Aborted when Python cancels the call. */
  readonly signal: AbortSignal;
  /** Report progress to Python: from 0 to 1, or null where that is not known, and a message. */
  progress(fraction: number | null, message?: string): void;
}

interface AuroraViewConfig {
  /** Milliseconds a call waits where it names no timeout of its own; 30000 at first. */
  callTimeoutMs?: number;
}

// What a program declares. `auroraview-qt types` writes a file that extends these; by hand it is done in the same way:
//
//     interface AuroraViewCommands { bake: { params: { start: number; end: number }; result: string } }
//
// As long as one of them is empty, every name is taken and every value is `any`. Once there is something in it, names that are
// not in it are errors.

/** Commands of Python by name: what goes in, what comes out. */
interface AuroraViewCommands {}

/** Commands that answer with many items, one after the other: what goes in, and one item. */
interface AuroraViewStreams {}

/** Events of Python by name: what they carry. */
interface AuroraViewEvents {}

/** Events of the page by name: what they carry. */
interface AuroraViewPageEvents {}

/** What the shared state holds. */
interface AuroraViewState {}

/** Functions of Python below the namespace `api`; a namespace such as `api.scene` holds more of them. */
interface AuroraViewApi {}

/** Namespaces of Python other than `api`, which stand beside it on `auroraview`. */
interface AuroraViewNamespaces {}

/** `Declared` where there is something in it, else an object that takes every name. */
type AuroraViewKnown<Declared> = keyof Declared extends never ? { [name: string]: any } : Declared;
/** The names that may be used. */
type AuroraViewName<Declared> = keyof Declared extends never ? string : Extract<keyof Declared, string>;
/** Any name, where nothing is declared; else none. */
type AuroraViewAnyName<Declared> = keyof Declared extends never ? string : never;
/** What belongs to a name. */
type AuroraViewValue<Declared, Name> = Name extends keyof Declared ? Declared[Name] : any;
/** What an `emit` takes after the name: an event that carries nothing needs nothing. */
type AuroraViewDetail<Detail> = {} extends Detail ? [detail?: Detail] : [detail: Detail];
/** What a call takes after the name: params may be left out where all of them may. */
type AuroraViewArguments<Entry, Options> = Entry extends { params: infer Params }
  ? {} extends Params
    ? [params?: Params, options?: Options]
    : [params: Params, options?: Options]
  : [params?: unknown, options?: Options];
/** What a call gives. */
type AuroraViewResult<Entry> = Entry extends { result: infer Result } ? Result : any;
/** What a stream gives, one after the other. */
type AuroraViewItem<Entry> = Entry extends { item: infer Item } ? Item : any;
/** A NumPy array of any number of dimensions. */
type AuroraViewArray<Item> = Item[] | AuroraViewArray<Item>[];
/** Events that `window.addEventListener` hears too, but for those the DOM has itself. */
type AuroraViewDomEvents = {
  [Name in Exclude<keyof AuroraViewEvents, keyof GlobalEventHandlersEventMap | keyof WindowEventHandlersEventMap>]:
    CustomEvent<AuroraViewEvents[Name]>;
};

/** Who made a change of the state. */
type AuroraViewStateSource = 'python' | 'javascript';

/** What the state shared with Python's `view.state` can do. */
interface AuroraViewStateMethods {
  /** Listen to changes of top-level keys, one's own included; `value` is frozen, undefined where the key was deleted. */
  onChange(fn: (key: AuroraViewName<AuroraViewState>, value: any, source: AuroraViewStateSource) => unknown): () => void;
  offChange(fn: (key: AuroraViewName<AuroraViewState>, value: any, source: AuroraViewStateSource) => unknown): void;
  /** The present state, frozen; what does not change keeps its identity from one snapshot to the next. */
  snapshot(): Readonly<AuroraViewKnown<AuroraViewState>>;
  /** The same as `snapshot`. */
  toJSON(): Readonly<AuroraViewKnown<AuroraViewState>>;
  keys(): string[];
}

interface AuroraView {
  /** Version of the library. */
  readonly version: string;

  /**
   * Call a command of Python. An object gives keywords, an array positionals, anything else, null included, one argument.
   * Rejects with an `AuroraError`.
   */
  call<Result = any>(
    method: AuroraViewAnyName<AuroraViewCommands>,
    params?: unknown,
    options?: AuroraViewCallOptions,
  ): Promise<Result>;
  /** Call a declared command of Python with its params as an object. Rejects with an `AuroraError`. */
  call<Name extends Extract<keyof AuroraViewCommands, string>>(
    method: Name,
    ...rest: AuroraViewArguments<AuroraViewCommands[Name], AuroraViewCallOptions>
  ): Promise<AuroraViewResult<AuroraViewCommands[Name]>>;

  /** What a command of Python yields, part by part; it begins with the first `next()`, and leaving the loop ends it. */
  stream<Item = any>(
    method: AuroraViewAnyName<AuroraViewStreams>,
    params?: unknown,
    options?: AuroraViewCallOptions,
  ): AsyncIterableIterator<Item>;
  /** What a declared command of Python yields, part by part. */
  stream<Name extends Extract<keyof AuroraViewStreams, string>>(
    method: Name,
    ...rest: AuroraViewArguments<AuroraViewStreams[Name], AuroraViewCallOptions>
  ): AsyncIterableIterator<AuroraViewItem<AuroraViewStreams[Name]>>;

  /** Let Python call a function of the page: `view.call(name, params)`. Returns what takes it back. */
  expose(name: string, fn: (params: any, context: AuroraViewExposedContext) => unknown): () => void;

  /** Send an event to Python. What JSON cannot hold is a `console.error`, not an exception. */
  emit<Name extends AuroraViewName<AuroraViewPageEvents>>(
    event: Name,
    ...rest: AuroraViewDetail<AuroraViewValue<AuroraViewPageEvents, Name>>
  ): void;
  /** The same as `emit`. */
  send_event<Name extends AuroraViewName<AuroraViewPageEvents>>(
    event: Name,
    ...rest: AuroraViewDetail<AuroraViewValue<AuroraViewPageEvents, Name>>
  ): void;

  /** Listen to an event of Python; the same function registers once. Returns what unsubscribes it. */
  on<Name extends AuroraViewName<AuroraViewEvents>>(
    event: Name,
    fn: (detail: AuroraViewValue<AuroraViewEvents, Name>) => unknown,
  ): () => void;
  /** Listen to the next event only. */
  once<Name extends AuroraViewName<AuroraViewEvents>>(
    event: Name,
    fn: (detail: AuroraViewValue<AuroraViewEvents, Name>) => unknown,
  ): () => void;
  /** Unsubscribe a function, or all of an event. */
  off(event: AuroraViewName<AuroraViewEvents>, fn?: (detail: any) => unknown): void;
  /** Where deliveries from Python enter; looked up on this object each time, so that it can be wrapped. */
  trigger(event: string, detail: unknown): void;

  /** The functions bound below the namespace `api`. Other namespaces stand beside it on this object. */
  api: AuroraViewKnown<AuroraViewApi>;
  isMethodBound(name: string): boolean;
  getBoundMethods(): string[];

  /**
   * Shared with Python, both ways; there before the first script, and after every reload. Read and write it like a plain
   * object, nested parts too; writes take effect at once. What stands at a place is a live proxy of that place; `snapshot`
   * gives plain values.
   */
  readonly state: AuroraViewKnown<AuroraViewState> & AuroraViewStateMethods;

  /** Whether DOMContentLoaded has been. */
  isReady(): boolean;
  /** Resolves with this object at DOMContentLoaded. */
  whenReady(): Promise<AuroraViewObject>;
  setConfig(changes: AuroraViewConfig): void;
}

/** The object and the namespaces of Python on it. */
type AuroraViewObject = AuroraView &
  (keyof (AuroraViewCommands & AuroraViewNamespaces) extends never ? { [namespace: string]: any } : AuroraViewNamespaces);

interface AuroraViewIpc {
  /** Send one message of the wire as JSON text; throws a `TypeError` for anything but a string. */
  postMessage(json: string): void;
}

interface Window {
  readonly auroraview: AuroraViewObject;
  readonly ipc: AuroraViewIpc;
  /** First settings; set it before the page's other scripts call `setConfig`. */
  __AURORAVIEW_CONFIG__?: AuroraViewConfig;
}

declare const auroraview: AuroraViewObject;

interface WindowEventMap extends AuroraViewDomEvents {
  /** The runtime is ready. */
  auroraviewready: CustomEvent<{ timestamp: number; url: string }>;
  /** Commands were bound, at the start and later. */
  'auroraview-api-ready': CustomEvent<{ methods: string[] }>;
}
