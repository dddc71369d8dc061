/**
 * The relay: the part of the bridge that no script of the page can reach. It alone holds the channel and the secret.
 *
 * It is injected at document creation into the top frame, in a separate world: a JavaScript context beside the page's, on the
 * same document. The page's world has no `qt`, so a page cannot use QWebChannel's own protocol.
 *
 * The runtime in the page's world (bridge.js) and the relay exchange DOM events on a text node that only they have. The node
 * is in a closed shadow tree outside the document: events there do not show in `window.event`. The node's text is the message
 * of an event: the `detail` of a CustomEvent would be cloned for the other world.
 *
 * @typedef {object} RelayConfig
 * @property {string} secret    put before each message
 * @property {string} token     names the events by which relay and runtime meet
 * @property {string[]} trusted URL prefixes of the pages that get the bridge
 * @property {number} property  index of the written property, on the channel's object
 * @property {number} signal    index of the connected signal
 * @property {string} channel   the object's name on the channel
 * @property {number} unaskedChars  that may go through the channel before Python fetches what waits
 *
 * @param {RelayConfig} config
 */
function auroraviewRelay(config) {
  'use strict';

  const DOCUMENT_BYTES = 18; // of the document's id
  const RUNTIME_CHARS = 24; // of it that the runtime has, so that Python's scripts and the runtime recognise each other
  const PIECE_CHARS = 1024 * 1024; // of an envelope, whose other pieces follow
  const LEAST_CHARS = 256; // that an envelope counts for
  const LAST_CHARS = 64 * 1024 * 1024; // that a document may send once, when it ends

  const raw = /** @type {any} */ (window).qt && /** @type {any} */ (window).qt.webChannelTransport;
  if (window.top !== window || !raw || !isTrusted()) {
    return;
  }

  const { stringify, parse } = JSON;
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(DOCUMENT_BYTES)));
  const doc = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const head = '{"type":9,"object":"' + config.channel + '","property":' + config.property + ',"value":';
  const mark = config.secret + '["' + doc + '",';
  const node = document.createTextNode('');
  /** @type {Map<string, Event>} */
  const idle = new Map(); // events that can be dispatched again: a new event costs as much as the rest of the way
  let fetched = ''; // the runtime's envelope during a pull
  let rest = ''; // of an envelope that goes in pieces
  let allowed = 2 * config.unaskedChars; // characters the channel may still take; the runtime keeps to less
  let isEnding = false;

  /**
   * The rule of TrustPolicy.trusts, so that other pages get no bridge. Python uses Qt's own URL of the page, not this.
   * Only paths of local files are decoded: elsewhere %2F would move the end of the host.
   * @returns {boolean}
   */
  function isTrusted() {
    let href = window.location.href;
    if (href.startsWith('file:///')) {
      try {
        href = decodeURIComponent(href);
      } catch (error) {
        return false;
      }
      if (href.includes('/../') || href.includes('\\')) {
        return false;
      }
    }
    return config.trusted.some((prefix) => href.startsWith(prefix));
  }

  /** @param {string} type @param {string} [text] */
  function tell(type, text) {
    const event = idle.get(type) || new Event(type);
    idle.delete(type);
    node.data = text || '';
    node.dispatchEvent(event);
    idle.set(type, event);
  }

  /** Pass the node to the runtime. The order of the two scripts differs between versions of Qt. */
  function meet() {
    document.dispatchEvent(new MouseEvent(config.token + 'met', { relatedTarget: node }));
  }

  node.data = doc.slice(0, RUNTIME_CHARS);
  node.addEventListener('met', () => document.removeEventListener(config.token + 'ask', meet));
  /**
   * Take an envelope of the runtime out, or a piece of one that is too large to be carried at once.
   * @param {string} text what is left of it, or else the whole
   * @returns {string}
   */
  function piece(text) {
    const whole = rest ? rest : mark.slice(config.secret.length) + text;
    if (!rest && whole.length <= PIECE_CHARS) {
      return config.secret + whole;
    }
    let end = PIECE_CHARS;
    if ((whole.charCodeAt(end - 1) & 0xfc00) === 0xd800) {
      end -= 1; // both halves of a character go together
    }
    rest = whole.slice(end);
    return config.secret + (rest ? '+' : '.') + doc + whole.slice(0, end);
  }

  /** @param {string} text */
  function send(text) {
    raw.send(head + stringify(text) + '}');
  }

  function sendRest() {
    while (rest) {
      send(piece(''));
    }
  }

  node.addEventListener('say', () => {
    const text = node.data;
    allowed -= Math.max(LEAST_CHARS, text.length);
    if (allowed < 0) {
      return; // a page has changed what the runtime is made of
    }
    sendRest();
    send(piece(text));
    sendRest();
  });
  node.addEventListener('end', () => {
    allowed += isEnding ? 0 : LAST_CHARS;
    isEnding = true;
    sendRest(); // Python fetches nothing after the end
  });
  node.addEventListener('give', () => { fetched = node.data; });

  /** Small batches come as a signal, for every document. @param {{data: string}} event */
  raw.onmessage = (event) => {
    const message = parse(event.data);
    if (message.type === 1 && message.object === config.channel && message.signal === config.signal) {
      const text = message.args[0]; // document:number:batch
      if (text.startsWith(doc + ':')) {
        tell('batch', text.slice(doc.length + 1));
      }
    }
  };

  /** Functions for Python's scripts in this world. */
  const door = {
    /** @returns {string} an envelope of what waits for Python */
    pull() {
      allowed = 2 * config.unaskedChars;
      if (rest) {
        return piece('');
      }
      tell('pull');
      const text = fetched;
      fetched = '';
      return text && piece(text);
    },
    /** @param {string} theme as JSON */
    theme(theme) { tell('theme', theme); },
  };
  Object.defineProperty(window, '__auroraview_' + doc + '__', { value: door });

  raw.send('{"type":7,"object":"' + config.channel + '","signal":' + config.signal + '}'); // connect to the signal
  document.addEventListener(config.token + 'ask', meet);
  meet();
}
