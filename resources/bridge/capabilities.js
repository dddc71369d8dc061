/**
 * Capabilities that the program has enabled for its page: auroraview.fs, dialog, clipboard, drag, shell. Each key
 * is there only while its capability is enabled, since front-ends test for it.
 *
 * @param {any} aurora  gets and loses the keys
 * @param {(cmd: string, args?: object, options?: {timeout?: number}) => Promise<any>} invoke
 */
function auroraviewCapabilities(aurora, invoke) {
  'use strict';

  const CHUNK = 0x8000; // maximum arguments of a call, with a margin
  const toBase64 = window.btoa.bind(window);
  const fromBase64 = window.atob.bind(window);
  const { fromCharCode } = String;
  const { apply } = Reflect;
  const { toString } = Object.prototype;

  /** @param {string} text @returns {Uint8Array} */
  function decode(text) {
    const binary = fromBase64(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i += 1) {
      bytes[i] = binary.charCodeAt(i);
    }
    return bytes;
  }

  /** @param {unknown} data @returns {Uint8Array | null} null for what holds no bytes */
  function bytesOf(data) {
    if (ArrayBuffer.isView(data)) {
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    }
    return toString.call(data) === '[object ArrayBuffer]' ? new Uint8Array(/** @type {any} */ (data)) : null;
  }

  /** @param {Uint8Array} bytes @returns {string} */
  function encode(bytes) {
    let binary = '';
    for (let i = 0; i < bytes.length; i += CHUNK) {
      binary += apply(fromCharCode, null, /** @type {any} */ (bytes.subarray(i, i + CHUNK)));
    }
    return toBase64(binary);
  }

  /** @param {string} plugin @param {{timeout?: number}} [options] */
  function of(plugin, options) {
    return (/** @type {string} */ command, /** @type {object} */ args) => (
      invoke('plugin:' + plugin + '|' + command, args, options)
    );
  }

  /** An argument that is an object of options, or the only option itself. @param {any} value @param {string} name */
  function option(value, name) {
    return value !== null && typeof value === 'object' ? value[name] : value;
  }

  function fsApi() {
    const run = of('fs');

    /** @param {string} path @param {unknown} contents @param {any} [append] true, or {append, encoding} */
    function writeFile(path, contents, append) {
      const bytes = bytesOf(contents);
      const args = { path, contents: bytes ? encode(bytes) : contents, append: option(append, 'append') === true };
      if (bytes) {
        return run('write_file_binary', args);
      }
      return run('write_file', append && append.encoding ? Object.assign(args, { encoding: append.encoding }) : args);
    }

    return {
      /** @param {string} path @param {any} [encoding] 'utf-8', 'base64' or 'binary', or {encoding} */
      readFile(path, encoding) {
        const wanted = option(encoding, 'encoding');
        const answer = run('read_file', Object.assign({ path }, wanted && { encoding: wanted }));
        return wanted === 'binary' ? answer.then(decode) : answer;
      },
      /** @param {string} path */
      readFileBinary: (path) => run('read_file_binary', { path }),
      /** @param {string} path */
      readFileBuffer: (path) => run('read_file_binary', { path }).then((text) => decode(text).buffer),
      writeFile,
      writeFileBinary: writeFile,
      /** @param {string} path @param {any} [recursive] */
      readDir: (path, recursive) => run('read_dir', { path, recursive: option(recursive, 'recursive') === true }),
      /** @param {string} path @param {any} [recursive] */
      createDir: (path, recursive) => run('create_dir', { path, recursive: option(recursive, 'recursive') !== false }),
      /** @param {string} path @param {any} [recursive] */
      remove: (path, recursive) => run('remove', { path, recursive: option(recursive, 'recursive') === true }),
      /** @param {string} from @param {string} to */
      copy: (from, to) => run('copy', { from, to }),
      /** @param {string} from @param {string} to */
      rename: (from, to) => run('rename', { from, to }),
      /** @param {string} path */
      exists: (path) => run('exists', { path }).then((answer) => answer.exists),
      /** @param {string} path */
      stat: (path) => run('stat', { path }),
    };
  }

  function dialogApi() {
    const run = of('dialog', { timeout: 0 }); // a person may take a long time
    /** @param {string} command */
    const chooser = (command) => (/** @type {object} */ options) => run(command, options || {});
    /** @param {any} options a text, or {message, title, …} @param {unknown} [title] */
    const asked = (options, title) => {
      if (options !== null && typeof options === 'object') {
        return options;
      }
      return title === undefined ? { message: options } : { message: options, title };
    };
    /** @param {string} level */
    const teller = (level) => (/** @type {any} */ options, /** @type {unknown} */ title) => (
      run('message', Object.assign({}, asked(options, title), { level }))
    );

    return {
      openFile: chooser('open_file'),
      openFiles: chooser('open_files'),
      openFolder: chooser('open_folder'),
      openFolders: chooser('open_folders'),
      saveFile: chooser('save_file'),
      /** @param {any} options @param {string} [title] */
      message: (options, title) => run('message', asked(options, title)),
      /** @param {any} options @param {string} [title] */
      confirm: (options, title) => run('confirm', asked(options, title)),
      /** @param {any} options @param {string} [title] */
      ask: (options, title) => run('confirm', asked(options, title)).then((answer) => answer.confirmed),
      info: teller('info'),
      warning: teller('warning'),
      error: teller('error'),
    };
  }

  function clipboardApi() {
    const run = of('clipboard');
    return {
      readText: () => run('read_text', {}).then((answer) => answer.text),
      /** @param {string} text */
      writeText: (text) => run('write_text', { text }),
      clear: () => run('clear', {}),
      hasText: () => run('has_text', {}).then((answer) => answer.hasText),
    };
  }

  function dragApi() {
    const run = of('drag', { timeout: 0 }); // until the button is released
    return {
      /** @param {{paths?: string[], text?: string, data?: {[type: string]: string}, action?: string}} what */
      start: (what) => run('start', what),
    };
  }

  function shellApi() {
    const run = of('shell');
    return {
      /** @param {string} url */
      open: (url) => run('open', { path: url }),
      /** @param {string} path */
      openPath: (path) => run('open_path', { path }),
      /** @param {string} path */
      showInFolder: (path) => run('show_in_folder', { path }),
    };
  }

  /** @type {{[name: string]: object}} */
  const apis = { fs: fsApi(), dialog: dialogApi(), clipboard: clipboardApi(), drag: dragApi(), shell: shellApi() };

  /**
   * Set the keys of exactly these capabilities. Values of the page or the program under such a name stay.
   * @param {string[]} enabled
   */
  return function enable(enabled) {
    for (const name of Object.keys(apis)) {
      if (enabled.includes(name) && !(name in aurora)) {
        aurora[name] = apis[name];
      } else if (!enabled.includes(name) && aurora[name] === apis[name]) {
        delete aurora[name];
      }
    }
  };
}
