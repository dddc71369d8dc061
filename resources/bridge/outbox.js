/**
 * Messages of the page to Python: collected while a task runs, sent together, with the acknowledgement of the last batch.
 *
 * Small messages go through the channel. Large messages are only announced there, and Python fetches them with a script: the
 * channel parses its JSON twice, but a script's result travels unchanged. So much waits, too, if Python does not keep up:
 * it fetches no more than it can take, and what is over the limit here is refused.
 *
 * @param {RuntimeConfig} config
 * @param {ReturnType<typeof auroraviewValues>} values
 * @param {(envelope: string) => void} send  hands an envelope to the relay, which puts in front whose it is
 */
function auroraviewOutbox(config, values, send) {
  'use strict';

  const FLUSH_CHARS = 64 * 1024; // through the channel
  const FIRST_CHARS = 8 * 1024; // of a task with many messages: Python begins while the page still sends
  const PULL_CHARS = 256 * 1024; // by a pull, or a single larger message
  const QUIET_HOPS = 3; // microtasks without news after which the task is taken to be over
  const MAX_HOPS = 10000; // an endless chain of promises must not hold its messages for ever
  const RUN_CHARS = 32 * 1024; // of a message with many events
  const { WHOLE, PART, PULL, MORE } = auroraviewFlow;
  const { EVENT } = auroraviewPageMessage;
  const LEAST_CHARS = 128; // that a message counts for towards the limit, and twice as many an envelope
  const { queueChars, unaskedChars } = config.limits;

  const microtask = window.queueMicrotask.bind(window);

  /** @type {string[]} */
  let pending = []; // each message without its closing bracket
  let room = FIRST_CHARS; // for messages that wait while a task runs
  let lastName = ''; // of the last event, if no other message came since
  let chars = 0;
  let unasked = 0; // characters that were sent since Python has fetched something
  let refusals = 0; // since there was room again
  let taken = 0; // messages that are not in `pending` any more
  /** @type {{first: number, end: number, number: number}[]} */
  let runs = []; // the messages, counted from the first of the document, that were said while a batch was run
  let holding = false; // a batch of Python is running: messages of its handlers go with its acknowledgement
  let pulling = false; // Python has been asked to fetch
  let received = 0; // the last batch that was run
  let acknowledged = 0;
  let watching = false; // a microtask is on its way
  let hops = 0;
  let quiet = 0;
  let seen = 0;

  /**
   * @param {string} message one wire message, without its closing bracket
   * @param {boolean} [isOwed] small, and never refused: Python waits for it
   */
  function post(message, isOwed) {
    if (chars + message.length + pending.length * LEAST_CHARS > queueChars && !isOwed) {
      refuse();
    }
    makeRoom(message.length);
    lastName = '';
    pending.push(message);
    chars += message.length;
    flushSoon();
  }

  /** @param {string} name as JSON @param {string} detail as JSON */
  function postEvent(name, detail) {
    if (chars + detail.length + pending.length * LEAST_CHARS > queueChars) {
      refuse();
    }
    makeRoom(detail.length);
    const last = pending.length - 1;
    if (name === lastName && pending[last].length < RUN_CHARS) {
      pending[last] += ',' + detail;
      chars += detail.length + 1;
    } else {
      post(EVENT + name + ',' + detail);
      lastName = name;
    }
    flushSoon();
  }

  /** @returns {never} */
  function refuse() {
    refusals += 1;
    throw new values.AuroraError({
      name: 'QueueFullError', code: 'QUEUE_FULL',
      message: 'Python does not keep up: ' + pending.length + ' messages, ' + chars + ' characters, wait for it already',
    });
  }

  /** @param {number} more characters to come */
  function makeRoom(more) {
    if (chars + more > room && chars && !holding) {
      room = Math.min(2 * room, FLUSH_CHARS);
      flush();
    }
  }

  /** Flush when the task is over, and its settled promises have run. */
  function flushSoon() {
    if (!watching) {
      watching = true;
      hops = quiet = seen = 0;
      microtask(watch);
    }
  }

  function watch() {
    hops += 1;
    quiet = chars === seen ? quiet + 1 : 0;
    seen = chars;
    if (quiet < QUIET_HOPS && hops < MAX_HOPS) {
      microtask(watch);
    } else {
      watching = false;
      room = FIRST_CHARS;
      flush();
    }
  }

  function flush() {
    if (pulling || (!pending.length && acknowledged === received)) {
      return;
    }
    if (chars > FLUSH_CHARS || unasked > unaskedChars) {
      pulling = true;
      send(envelope(PULL, []));
    } else {
      const text = take(Infinity);
      unasked += Math.max(2 * LEAST_CHARS, text.length);
      send(text);
    }
  }

  /** The page is about to go, and Python will not reach it any more. */
  function flushAll() {
    pulling = false;
    while (chars > FLUSH_CHARS) {
      send(take(PULL_CHARS));
    }
    if (pending.length || acknowledged !== received) {
      send(take(Infinity));
    }
  }

  /** @param {number} flow @param {string[]} messages */
  function envelope(flow, messages) {
    return acknowledged + ',' + flow + ',[' + (messages.length ? messages.join('],') + ']' : '') + ']]';
  }

  /**
   * Take the oldest messages out, up to so many characters but at least one.
   * @param {number} limit
   * @returns {string} their envelope
   */
  function take(limit) {
    let count = 0;
    let size = 0;
    while (count < pending.length && (!count || size + pending[count].length <= limit)) {
      size += pending[count].length;
      count += 1;
    }
    const messages = count === pending.length ? pending : pending.slice(0, count);
    pending = count === pending.length ? [] : pending.slice(count);
    chars -= size;
    taken += count;
    refusals = chars < queueChars / 2 ? 0 : refusals;
    lastName = pending.length ? lastName : '';
    while (runs.length && runs[0].end <= taken) {
      runs.shift();
    }
    if (runs.length && runs[0].first < taken) {
      return envelope(PART, messages); // what a batch has brought about counts as a whole
    }
    acknowledged = runs.length ? runs[0].number - 1 : received;
    return envelope(pending.length ? MORE : WHOLE, messages);
  }

  /** Return the messages for a pull. */
  function pull() {
    unasked = 0;
    const text = take(PULL_CHARS);
    pulling = pending.length > 0;
    return text;
  }

  return {
    post,
    refuse,
    postEvent,
    flush,
    flushAll,
    pull,
    isFirstRefusal: () => refusals === 1,
    /** The number of the last batch that was run. */
    last: () => received,
    /** Run a batch: its messages and its acknowledgement arrive together or not at all. @param {() => void} run */
    hold(run) {
      const first = taken + pending.length;
      holding = true;
      lastName = '';
      try {
        run();
      } finally {
        holding = false;
        lastName = '';
        received += 1;
        if (taken + pending.length > first) {
          runs.push({ first, end: taken + pending.length, number: received });
        }
        flushSoon();
      }
    },
  };
}
