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
}

interface AuroraViewConfig {
  /** Milliseconds a call waits where it names no timeout of its own; 30000 at first. */
  callTimeoutMs?: number;
}

/** A stream of Python's `view.channel(id)`. */
interface AuroraViewChannel<Message = any> {
  readonly id: string;
  /** Whether Python has closed it. */
  readonly isClosed: boolean;
  /** Listen; messages that came before the first listener are handed to it at once. Returns what unsubscribes it. */
  onMessage(fn: (message: Message) => unknown): () => void;
  /** Called once, behind all messages; at once where the channel is closed already. */
  onClose(fn: () => unknown): () => void;
}

interface AuroraViewUtils {
  /** Call once the calls have stopped for so many milliseconds. */
  debounce<Args extends unknown[]>(
    fn: (...args: Args) => unknown, wait?: number
  ): ((...args: Args) => void) & { cancel(): void; flush(): void };
  /** Call at once, and then at most once in so many milliseconds, the last call included. */
  throttle<Args extends unknown[]>(
    fn: (...args: Args) => unknown, wait?: number
  ): ((...args: Args) => void) & { cancel(): void };
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

interface AuroraViewShell {
  /** Open a URL of a scheme the program allows, in the system's browser. */
  open(url: string): Promise<null>;
  /** Open a file or folder with the program the system has for it. */
  openPath(path: string): Promise<null>;
  showInFolder(path: string): Promise<null>;
}

/** Functions of Python; a namespace such as `api.scene` holds more of them. Extend it to type your own. */
interface AuroraViewApi {
  [name: string]: any;
}

/** Named detail types of events; extend it to type your own. */
interface AuroraViewEvents {
  [event: string]: any;
}

interface AuroraView {
  /** Version of the library. */
  readonly version: string;

  /**
   * Call a command of Python. An object gives keywords, an array positionals, anything else, null included, one argument.
   * Rejects with an `AuroraError`.
   */
  call<Result = any>(method: string, params?: unknown, options?: AuroraViewCallOptions): Promise<Result>;

  /** Send an event to Python. What JSON cannot hold is a `console.error`, not an exception. */
  emit(event: string, detail?: unknown): void;
  /** The same as `emit`. */
  send_event(event: string, detail?: unknown): void;

  /** Listen to an event of Python; the same function registers once. Returns what unsubscribes it. */
  on<Name extends keyof AuroraViewEvents>(event: Name, fn: (detail: AuroraViewEvents[Name]) => unknown): () => void;
  /** Listen to the next event only. */
  once<Name extends keyof AuroraViewEvents>(event: Name, fn: (detail: AuroraViewEvents[Name]) => unknown): () => void;
  /** Unsubscribe a function, or all of an event. */
  off(event: string, fn?: (detail: any) => unknown): void;
  /** Where deliveries from Python enter; looked up on this object each time, so that it can be wrapped. */
  trigger(event: string, detail: unknown): void;

  /** The functions bound below the namespace `api`. Other namespaces stand beside it on this object. */
  api: AuroraViewApi;
  isMethodBound(name: string): boolean;
  getBoundMethods(): string[];

  /** Whether DOMContentLoaded has been. */
  isReady(): boolean;
  /** Resolves with this object at DOMContentLoaded. */
  whenReady(): Promise<AuroraView>;
  setConfig(changes: AuroraViewConfig): void;

  /** Call a command of a plugin, `plugin:<name>|<command>`; the arguments become keywords. */
  invoke<Result = any>(cmd: string, args?: object | null, options?: AuroraViewCallOptions): Promise<Result>;
  /** A stream of Python's `view.channel(id)`; it may be asked for before or after Python sends on it. */
  channel<Message = any>(id: string): AuroraViewChannel<Message>;
  /** Let the window follow the mouse while its button is held; call it where a title bar is pressed. */
  startDrag(): void;
  readonly utils: AuroraViewUtils;

  /** These are there only where the program has enabled them. */
  fs?: AuroraViewFs;
  dialog?: AuroraViewDialog;
  clipboard?: AuroraViewClipboard;
  shell?: AuroraViewShell;

  /** Namespaces of Python other than `api`. */
  [namespace: string]: any;
}

interface AuroraViewIpc {
  /** Send one message of the wire as JSON text; throws a `TypeError` for anything but a string. */
  postMessage(json: string): void;
}

interface Window {
  readonly auroraview: AuroraView;
  readonly ipc: AuroraViewIpc;
  /** First settings; set it before the page's other scripts call `setConfig`. */
  __AURORAVIEW_CONFIG__?: AuroraViewConfig;
}

declare const auroraview: AuroraView;

interface WindowEventMap {
  /** The runtime is ready. */
  auroraviewready: CustomEvent<{ timestamp: number; url: string }>;
  /** Commands were bound, at the start and later. */
  'auroraview-api-ready': CustomEvent<{ methods: string[] }>;
}
