/**
 * Channels: named streams from Python. Their messages are the reserved event `__auroraview_channel` {id, data} or {id, closed}.
 * So they keep their order with all other events, and survive reloads and crashes as events do.
 *
 * @param {(...data: unknown[]) => void} complain
 */
function auroraviewChannels(complain) {
  'use strict';

  const MAX_WAITING = 10000; // maximum messages of a channel that has no listener

  /** @typedef {{id: string, readonly isClosed: boolean, onMessage: Function, onClose: Function}} Channel */
  /** @typedef {{channel: Channel, taken: boolean, message: (data: unknown) => void, close: () => void}} Stream */

  /** @type {Map<string, Stream>} */
  const streams = new Map();

  /** @param {Function[]} handlers @param {unknown[]} args @param {string} id */
  function callAll(handlers, args, id) {
    for (const handler of handlers.slice()) {
      try {
        handler(...args);
      } catch (error) {
        complain('auroraview: a handler of channel "' + id + '" failed:', error);
      }
    }
  }

  /** @param {Function[]} handlers @param {unknown} fn @param {string} what @returns {() => void} what unsubscribes it */
  function add(handlers, fn, what) {
    if (typeof fn !== 'function') {
      complain('auroraview: ' + what + ' needs a function');
      return () => undefined;
    }
    handlers.push(fn);
    return () => {
      const index = handlers.indexOf(fn);
      if (index >= 0) {
        handlers.splice(index, 1);
      }
    };
  }

  /** @param {string} id @returns {Stream} */
  function open(id) {
    /** @type {Function[]} */
    const onMessage = [];
    /** @type {Function[]} */
    const onClose = [];
    /** @type {unknown[]} */
    let waiting = [];
    let closed = false;

    const channel = {
      id,
      get isClosed() { return closed; },
      /** @param {Function} fn */
      onMessage(fn) {
        const remove = add(onMessage, fn, 'onMessage');
        const held = onMessage.length ? waiting : [];
        waiting = onMessage.length ? [] : waiting;
        held.forEach((data) => callAll(onMessage, [data], id));
        return remove;
      },
      /** @param {Function} fn called at once where the channel is closed */
      onClose(fn) {
        const remove = add(onClose, fn, 'onClose');
        if (closed) {
          callAll(onClose.splice(0), [], id);
        }
        return remove;
      },
    };
    return {
      channel,
      taken: false, // the page has it
      message(data) {
        if (onMessage.length) {
          callAll(onMessage, [data], id);
          return;
        }
        if (waiting.length === MAX_WAITING) {
          waiting.shift();
          complain('auroraview: nobody listens to channel "' + id + '": its oldest message is dropped');
        }
        waiting.push(data);
      },
      close() {
        closed = true;
        callAll(onClose.splice(0), [], id);
      },
    };
  }

  /** @param {string} id @returns {Stream} */
  function get(id) {
    const known = streams.get(id);
    const stream = known || open(id);
    if (!known) {
      streams.set(id, stream);
    }
    return stream;
  }

  return {
    /**
     * A stream of Python's `view.channel(id)`: the same object each time until it is closed, then a new one of that id.
     * @param {unknown} id
     * @returns {Channel}
     */
    channel(id) {
      const stream = get(String(id));
      stream.taken = true;
      if (stream.channel.isClosed) {
        streams.delete(stream.channel.id);
      }
      return stream.channel;
    },
    /** @param {{id: string, data?: unknown, closed?: boolean}} message of the reserved event */
    receive(message) {
      if (get(message.id).channel.isClosed) {
        streams.delete(message.id); // Python uses the id again, and the old channel had no listener
      }
      const stream = get(message.id);
      if (!message.closed) {
        stream.message(message.data);
        return;
      }
      stream.close();
      if (stream.taken) {
        streams.delete(message.id);
      }
    },
  };
}
