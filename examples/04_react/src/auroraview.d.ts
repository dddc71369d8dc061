/**
 * Types of the names on `window` in a page of an auroraview_qt view. Reference it from TypeScript, or from JavaScript with
 * `/// <reference path="auroraview.d.ts" />`.
 */

/** The error of a failed call, from Python or the runtime. */
interface AuroraError extends Error {
  /** Stable, the same in Python: `COMMAND_NOT_FOUND`, `INVALID_ARGS`, `CALL_FAILED`, `TIMEOUT`, `CANCELLED` … */
  code: string;
  /** The `data` of the Python error; null or undefined if there is none. */
  data: unknown;
  /** Python's traceback, in development only. */
  traceback?: string;
}

interface AuroraViewCallOptions {
  /** Milliseconds until the call fails with `TIMEOUT`; 0 waits for ever. */
  timeout?: number;
  /** Aborting it cancels the command, and the call rejects with an `AbortError`. */
  signal?: AbortSignal;
  /** Gets the command's progress reports: from 0 to 1, or null if unknown, and a message. */
  onProgress?: (fraction: number | null, message: string) => unknown;
}

/** The second argument of an exposed function, after its params. */
interface AuroraViewExposedContext {
  /** Aborted when Python cancels the call. */
  readonly signal: AbortSignal;
  /** Report progress to Python: from 0 to 1, or null if unknown, and a message. */
  progress(fraction: number | null, message?: string): void;
}

interface AuroraViewConfig {
  /** Default timeout of a call in milliseconds; 30000 at first. */
  callTimeoutMs?: number;
}

/** A stream of Python's `view.channel(id)`. */
interface AuroraViewChannel<Message = any> {
  readonly id: string;
  /** Whether Python has closed it. */
  readonly isClosed: boolean;
  /** Listen. The first listener gets earlier messages at once. Returns a function that unsubscribes it. */
  onMessage(fn: (message: Message) => unknown): () => void;
  /** Called once, after all messages; at once if the channel is already closed. */
  onClose(fn: () => unknown): () => void;
}

/** A function whose calls `debounce` or `throttle` limits; it returns the result of the last real call. */
interface AuroraViewLimited<Args extends unknown[], Result> {
  (...args: Args): Result | undefined;
  /** Forget the pending call. */
  cancel(): void;
  /** Make the pending call now. */
  flush(): Result | undefined;
  /** Whether a new call would have to wait. */
  pending(): boolean;
}

interface AuroraViewUtils {
  /** Call once the calls have stopped for so many milliseconds. */
  debounce<Args extends unknown[], Result>(
    fn: (...args: Args) => Result, wait?: number, options?: { leading?: boolean; trailing?: boolean; maxWait?: number }
  ): AuroraViewLimited<Args, Result>;
  /** Call at once, and then at most once in so many milliseconds, the last call included. */
  throttle<Args extends unknown[], Result>(
    fn: (...args: Args) => Result, wait?: number, options?: { leading?: boolean; trailing?: boolean }
  ): AuroraViewLimited<Args, Result>;
  /** Call the first time only. */
  once<Args extends unknown[], Result>(fn: (...args: Args) => Result): (...args: Args) => Result;
}

interface AuroraViewDirEntry {
  name: string;
  path: string;
  /** Bytes. */
  size: number;
  isFile: boolean;
  isDir: boolean;
  /** The same as `isDir`. */
  isDirectory: boolean;
  isSymlink: boolean;
  /** Milliseconds since 1970. */
  modified: number;
  created: number;
}

interface AuroraViewStat {
  size: number;
  isFile: boolean;
  isDir: boolean;
  isDirectory: boolean;
  isSymlink: boolean;
  modified: number;
  created: number;
  accessed: number;
  readonly: boolean;
}

/**
 * Files inside the folders the program named. Paths are absolute. Rejects with `SCOPE_VIOLATION`, `FILE_NOT_FOUND`,
 * `PERMISSION_DENIED`, `IO_ERROR` or `INVALID_ARGS`.
 */
interface AuroraViewFs {
  readFile(path: string, options?: 'utf-8' | 'base64' | { encoding?: 'utf-8' | 'base64' }): Promise<string>;
  readFile(path: string, options: 'binary' | { encoding: 'binary' }): Promise<Uint8Array>;
  /** As base64. */
  readFileBinary(path: string): Promise<string>;
  readFileBuffer(path: string): Promise<ArrayBuffer>;
  writeFile(
    path: string, contents: string | ArrayBuffer | ArrayBufferView,
    append?: boolean | { append?: boolean; encoding?: 'utf-8' | 'base64' }
  ): Promise<null>;
  writeFileBinary(path: string, contents: ArrayBuffer | ArrayBufferView, append?: boolean): Promise<null>;
  readDir(path: string, recursive?: boolean | { recursive?: boolean }): Promise<AuroraViewDirEntry[]>;
  /** Folders on the way are made too, unless `recursive` is false. */
  createDir(path: string, recursive?: boolean | { recursive?: boolean }): Promise<null>;
  remove(path: string, recursive?: boolean | { recursive?: boolean }): Promise<null>;
  copy(from: string, to: string): Promise<null>;
  rename(from: string, to: string): Promise<null>;
  /** False for what is out of reach, too. */
  exists(path: string): Promise<boolean>;
  stat(path: string): Promise<AuroraViewStat>;
}

interface AuroraViewFileOptions {
  title?: string;
  /** Folder, or file, to begin at. */
  defaultPath?: string;
  /** Name to begin with. */
  defaultName?: string;
  filters?: { name: string; extensions: string[] }[];
}

interface AuroraViewMessageOptions {
  message: string;
  title?: string;
  level?: 'info' | 'warning' | 'error';
  buttons?: 'ok' | 'ok_cancel' | 'yes_no' | 'yes_no_cancel';
}

/** Dialogs of the system, one at a time; none blocks the host. */
interface AuroraViewDialog {
  openFile(options?: AuroraViewFileOptions): Promise<{ path: string | null; cancelled: boolean }>;
  openFiles(options?: AuroraViewFileOptions): Promise<{ paths: string[]; cancelled: boolean }>;
  openFolder(options?: AuroraViewFileOptions): Promise<{ path: string | null; cancelled: boolean }>;
  openFolders(options?: AuroraViewFileOptions): Promise<{ paths: string[]; cancelled: boolean }>;
  saveFile(options?: AuroraViewFileOptions): Promise<{ path: string | null; cancelled: boolean }>;
  message(options: string | AuroraViewMessageOptions, title?: string): Promise<{ response: 'ok' | 'cancel' | 'yes' | 'no' }>;
  confirm(options: string | AuroraViewMessageOptions, title?: string): Promise<{ confirmed: boolean }>;
  ask(options: string | AuroraViewMessageOptions, title?: string): Promise<boolean>;
  info(options: string | AuroraViewMessageOptions, title?: string): Promise<{ response: 'ok' | 'cancel' | 'yes' | 'no' }>;
  warning(options: string | AuroraViewMessageOptions, title?: string): Promise<{ response: 'ok' | 'cancel' | 'yes' | 'no' }>;
  error(options: string | AuroraViewMessageOptions, title?: string): Promise<{ response: 'ok' | 'cancel' | 'yes' | 'no' }>;
}

interface AuroraViewClipboard {
  readText(): Promise<string>;
  writeText(text: string): Promise<null>;
  clear(): Promise<null>;
  hasText(): Promise<boolean>;
}

interface AuroraViewDrag {
  /**
   * Drag files, a text or data out of the page, while the left mouse button is held. Call it in `dragstart`, and prevent the
   * default. Resolves when the button is released, with the target's action.
   */
  start(what: {
    paths?: string[];
    text?: string;
    data?: { [type: string]: string };
    action?: 'copy' | 'link';
  }): Promise<{ action: 'copy' | 'link' | 'none' }>;
}

interface AuroraViewShell {
  /** Open a URL of a scheme the program allows, in the system's browser. */
  open(url: string): Promise<null>;
  /** Open a file or folder with the system's program for it. */
  openPath(path: string): Promise<null>;
  showInFolder(path: string): Promise<null>;
}

// Declarations of a program. `auroraview-qt types` writes a file that extends these interfaces. By hand it works the same way:
//
//     interface AuroraViewCommands { bake: { params: { start: number; end: number }; result: string } }
//
// While such an interface is empty, it accepts every name, and every value is `any`. After the first declaration, other names
// are errors.

/** Commands of Python by name: parameters and result. */
interface AuroraViewCommands {}

/** Commands that stream their result: parameters and the type of an item. */
interface AuroraViewStreams {}

/** Events of Python by name: their data. */
interface AuroraViewEvents {}

/** Events of the page by name: their data. */
interface AuroraViewPageEvents {}

/** Keys and values of the shared state. */
interface AuroraViewState {}

/** Functions of Python below the namespace `api`; a namespace such as `api.scene` holds more of them. */
interface AuroraViewApi {}

/** Namespaces of Python other than `api`, which stand beside it on `auroraview`. */
interface AuroraViewNamespaces {}

/** `Declared`, or an object with any names if `Declared` is empty. */
type AuroraViewKnown<Declared> = keyof Declared extends never ? { [name: string]: any } : Declared;
/** The names that may be used. */
type AuroraViewName<Declared> = keyof Declared extends never ? string : Extract<keyof Declared, string>;
/** Any name if there are no declarations, otherwise none. */
type AuroraViewAnyName<Declared> = keyof Declared extends never ? string : never;
/** The type of a name. */
type AuroraViewValue<Declared, Name> = Name extends keyof Declared ? Declared[Name] : any;
/** Arguments of `emit` after the name: an event without data needs none. */
type AuroraViewDetail<Detail> = {} extends Detail ? [detail?: Detail] : [detail: Detail];
/** Arguments of a call after the name: params are optional if all of them are. */
type AuroraViewArguments<Entry, Options> = Entry extends { params: infer Params }
  ? {} extends Params
    ? [params?: Params, options?: Options]
    : [params: Params, options?: Options]
  : [params?: unknown, options?: Options];
/** The result of a call. */
type AuroraViewResult<Entry> = Entry extends { result: infer Result } ? Result : any;
/** An item of a stream. */
type AuroraViewItem<Entry> = Entry extends { item: infer Item } ? Item : any;
/** Bytes for Python, `bytes` or `memoryview` there; a string has to be base64. */
type AuroraViewBytes = ArrayBuffer | ArrayBufferView | Blob | string;

/** A typed array of any kind. */
type AuroraViewTypedArray = ArrayBufferView & ArrayLike<number | bigint>;

/** A NumPy array of Python: all numbers in rows, the lengths of its dimensions, and NumPy's name of their type. */
type AuroraViewNumbers<Typed> = Typed & { readonly shape: readonly number[]; readonly dtype: string };

/** Nested arrays of any depth, for a NumPy array. */
type AuroraViewArray<Item> = Item[] | AuroraViewArray<Item>[];
/** Events that `window.addEventListener` gets, too, except names of DOM events. */
type AuroraViewDomEvents = {
  [Name in Exclude<keyof AuroraViewEvents, keyof GlobalEventHandlersEventMap | keyof WindowEventHandlersEventMap>]:
    CustomEvent<AuroraViewEvents[Name]>;
};

/** Who made a change of the state. */
type AuroraViewStateSource = 'python' | 'javascript';

/** Methods of the state that is shared with Python's `view.state`. */
interface AuroraViewStateMethods {
  /** Listen to changes of top-level keys, also by the page; `value` is frozen, or undefined if the key was deleted. */
  onChange(fn: (key: AuroraViewName<AuroraViewState>, value: any, source: AuroraViewStateSource) => unknown): () => void;
  offChange(fn: (key: AuroraViewName<AuroraViewState>, value: any, source: AuroraViewStateSource) => unknown): void;
  /** The current state, frozen; unchanged parts keep their identity from snapshot to snapshot. */
  snapshot(): Readonly<AuroraViewKnown<AuroraViewState>>;
  /** The same as `snapshot`. */
  toJSON(): Readonly<AuroraViewKnown<AuroraViewState>>;
  keys(): string[];
}

interface AuroraView {
  /** Version of the library. */
  readonly version: string;

  /**
   * Call a command of Python. An object gives keywords, an array gives positional arguments, any other value is a single argument.
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

  /** The parts that a command of Python yields. It begins with the first `next()`, and leaving the loop ends it. */
  stream<Item = any>(
    method: AuroraViewAnyName<AuroraViewStreams>,
    params?: unknown,
    options?: AuroraViewCallOptions,
  ): AsyncIterableIterator<Item>;
  /** The parts that a declared command of Python yields. */
  stream<Name extends Extract<keyof AuroraViewStreams, string>>(
    method: Name,
    ...rest: AuroraViewArguments<AuroraViewStreams[Name], AuroraViewCallOptions>
  ): AsyncIterableIterator<AuroraViewItem<AuroraViewStreams[Name]>>;

  /** Allow Python to call a function of the page: `view.call(name, params)`. Returns a function that withdraws it. */
  expose(name: string, fn: (params: any, context: AuroraViewExposedContext) => unknown): () => void;

  /** Send an event to Python. Data that JSON cannot hold cause a `console.error`, not an exception. */
  emit<Name extends AuroraViewName<AuroraViewPageEvents>>(
    event: Name,
    ...rest: AuroraViewDetail<AuroraViewValue<AuroraViewPageEvents, Name>>
  ): void;
  /** The same as `emit`. */
  send_event<Name extends AuroraViewName<AuroraViewPageEvents>>(
    event: Name,
    ...rest: AuroraViewDetail<AuroraViewValue<AuroraViewPageEvents, Name>>
  ): void;

  /** Listen to every event of Python, except events of the runtime itself. */
  on(event: '*', fn: (event: string, detail: unknown) => unknown): () => void;
  /**
   * Listen to an event of Python; the same function registers once. Returns a function that unsubscribes it. Events that
   * Python emitted before the first listener of their name have waited, and come now.
   */
  on<Name extends AuroraViewName<AuroraViewEvents>>(
    event: Name,
    fn: (detail: AuroraViewValue<AuroraViewEvents, Name>) => unknown,
  ): () => void;
  /** Listen to the next event only. */
  once(event: '*', fn: (event: string, detail: unknown) => unknown): () => void;
  once<Name extends AuroraViewName<AuroraViewEvents>>(
    event: Name,
    fn: (detail: AuroraViewValue<AuroraViewEvents, Name>) => unknown,
  ): () => void;
  /** Unsubscribe a function, or all of an event. */
  off(event: AuroraViewName<AuroraViewEvents> | '*', fn?: (...args: any[]) => unknown): void;
  /** Called for each delivery from Python; looked up on this object each time, so that it can be wrapped. */
  trigger(event: string, detail: unknown): void;

  /** The functions bound below the namespace `api`. Other namespaces stand beside it on this object. */
  api: AuroraViewKnown<AuroraViewApi>;
  isMethodBound(name: string): boolean;
  getBoundMethods(): string[];

  /**
   * Shared with Python, both ways; there before the first script, and after every reload. Read and write it like a plain
   * object, nested parts too; writes take effect at once. A nested value is a live proxy of its place; `snapshot`
   * returns plain values.
   */
  readonly state: AuroraViewKnown<AuroraViewState> & AuroraViewStateMethods;

  /** Whether calls can be made: true from the first script on. */
  isReady(): boolean;
  /** Resolves with this object at DOMContentLoaded. */
  whenReady(): Promise<AuroraViewObject>;
  setConfig(changes: AuroraViewConfig): void;

  /** Call a command of a plugin, `plugin:<name>|<command>`; the arguments become keywords. */
  invoke<Result = any>(cmd: string, args?: object | null, options?: AuroraViewCallOptions): Promise<Result>;
  /** A stream of Python's `view.channel(id)`; the page may ask for it before or after Python sends on it. */
  channel<Message = any>(id: string): AuroraViewChannel<Message>;
  /**
   * The URL of a function of Python's `view.resource`, on a page of any origin: `resource('/thumb/{asset}', {asset: 'a b'})`.
   * Values without a place in the path become the query. Without `values` the path has to be encoded.
   */
  resource(path: string, values?: Record<string, string | number | boolean | null | undefined>): string;
  /**
   * A live image of Python's `view.image_source(name)`. `draw(canvas)` shows each new picture while the canvas can be seen, and
   * returns a function that stops it. A `<canvas data-aurora-image="name">` needs no script. A canvas without a `width` gets
   * the size of the picture. Each picture is an event `aurora-image` of the canvas.
   */
  image(name: string): { readonly name: string; draw(canvas: HTMLCanvasElement): () => void };
  /** Let the window follow the mouse while its button is held; call it when the page's title bar is pressed. */
  startDrag(): void;
  readonly utils: AuroraViewUtils;

  /** These are there only if the program has enabled them. */
  fs?: AuroraViewFs;
  dialog?: AuroraViewDialog;
  clipboard?: AuroraViewClipboard;
  drag?: AuroraViewDrag;
  shell?: AuroraViewShell;
}

/** The object and the namespaces of Python on it. */
type AuroraViewObject = AuroraView &
  (keyof (AuroraViewCommands & AuroraViewNamespaces) extends never ? { [namespace: string]: any } : AuroraViewNamespaces);

interface AuroraViewIpc {
  /** Send a message of the protocol as JSON text; throws a `TypeError` if it is not a string. */
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
