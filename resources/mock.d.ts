/** Types of the module that `auroraview-qt mock` writes. */

/** A call of a command that the page has made. */
export interface MockCall {
  readonly name: string;
  readonly params: any;
  readonly state: 'open' | 'ok' | 'failed' | 'cancelled';
  readonly result: any;
  readonly error: { name: string; code: string; message: string; data: any } | undefined;
  /** The progress reports: a fraction and a message. */
  readonly progress: [number | null, string][];
  /** The parts of a stream. */
  readonly parts: any[];
}

export interface MockContext {
  /** Aborted when the page no longer waits. */
  readonly signal: AbortSignal;
  progress(fraction: number | null, message?: string): void;
}

/** A command: its result, a promise of it, or a generator for a stream. An error with a `code` reaches the page with it. */
export type MockCommand = (params: any, context: MockContext) => any;

export interface MockOptions {
  commands?: Record<string, MockCommand>;
  state?: Record<string, any>;
  /** `fs`, `dialog`, `clipboard`, `drag`, `shell`: their commands are `plugin:fs/readFile` and so on. */
  capabilities?: string[];
}

/** Stands in for Python. */
export interface AuroraViewMock {
  /** Add or replace a command. */
  command(name: string, fn: MockCommand): AuroraViewMock;
  /** Send an event to the page. */
  emit(name: string, data?: any): void;
  /** Listen to the page's events; returns a function that ends it. */
  on(name: string, fn: (data: any) => unknown): () => void;
  /** Call a function that the page has exposed. */
  call(name: string, params?: any, options?: { signal?: AbortSignal }): Promise<any>;
  /** The shared state, as `view.state` in Python. */
  readonly state: any;
  /** All calls and events of the page, the oldest first. */
  readonly calls: MockCall[];
  readonly events: { name: string; data: any }[];
  /** Return the call of a command, whose params hold at least these; otherwise throw, and name the calls that were made. */
  expectCall(name: string, params?: any): MockCall;
  /** Wait for the end of a call of a command; the default timeout is 1000 ms. */
  waitForCall(name: string, options?: { timeout?: number }): Promise<MockCall>;
  /** Wait for an event of the page, and return its data. */
  waitForEvent(name: string, options?: { timeout?: number }): Promise<any>;
  /**
   * Answer as a recording of `view.record()` does: commands, errors, streams, the state at the start, and events after the calls
   * that they followed. Give the text of the file, or its parsed lines.
   */
  replay(recording: string | any[]): AuroraViewMock;
  /** Forget calls, events, listeners and commands, and start with this state: between two tests. */
  reset(options?: MockOptions): AuroraViewMock;
}

/** Put `window.auroraview` on this page. A second call is a `reset`. Throws in a panel, which has the real Python. */
export declare function installMock(options?: MockOptions): AuroraViewMock;
