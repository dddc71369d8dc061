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

/** Functions of Python; a namespace such as `api.scene` holds more of them. Extend it to type your own. */
interface AuroraViewApi {
  [name: string]: any;
}

/** Named detail types of events; extend it to type your own. */
interface AuroraViewEvents {
  [event: string]: any;
}

/** Who made a change of the state. */
type AuroraViewStateSource = 'python' | 'javascript';

/**
 * The state shared with Python's `view.state`. Read and write it like a plain object, nested parts too; writes take effect at
 * once. Extend it to type your own keys. What stands at a place is a live proxy of that place; `snapshot` gives plain values.
 */
interface AuroraViewState {
  /** Listen to changes of top-level keys, one's own included; `value` is frozen, undefined where the key was deleted. */
  onChange(fn: (key: string, value: any, source: AuroraViewStateSource) => unknown): () => void;
  offChange(fn: (key: string, value: any, source: AuroraViewStateSource) => unknown): void;
  /** The present state, frozen; what does not change keeps its identity from one snapshot to the next. */
  snapshot(): Readonly<Record<string, any>>;
  /** The same as `snapshot`. */
  toJSON(): Readonly<Record<string, any>>;
  keys(): string[];

  [key: string]: any;
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

  /** Shared with Python, both ways; there before the first script, and after every reload. */
  readonly state: AuroraViewState;

  /** Whether DOMContentLoaded has been. */
  isReady(): boolean;
  /** Resolves with this object at DOMContentLoaded. */
  whenReady(): Promise<AuroraView>;
  setConfig(changes: AuroraViewConfig): void;

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
