/**
 * The gate before the outbox: a message with a Blob waits until the Blob is read, and all later messages wait behind it.
 *
 * @param {RuntimeConfig} config
 * @param {ReturnType<typeof auroraviewValues>} values
 * @param {ReturnType<typeof auroraviewOutbox>} outbox
 * @param {(message: string, error: any) => void} refuse  takes a message that cannot be sent
 */
function auroraviewGate(config, values, outbox, refuse) {
  'use strict';

  const { EVENT } = auroraviewPageMessage;
  const { messageChars, queueChars } = config.limits;
  const { exact } = values;

  /** @type {{message: string, isOwed: boolean | undefined}[]} */
  let waiting = [];
  let chars = 0;

  /** @param {string} message one wire message, without its closing bracket @param {boolean} [isOwed] never refused */
  function post(message, isOwed) {
    if (!waiting.length && !exact.hasBlobs(message)) {
      outbox.post(message, isOwed);
      return;
    }
    if (chars + message.length > queueChars && !isOwed) {
      outbox.refuse();
    }
    chars += message.length;
    waiting.push({ message, isOwed });
    if (waiting.length === 1) {
      proceed();
    }
  }

  /** @param {string} name as JSON @param {string} detail as JSON */
  function postEvent(name, detail) {
    if (!waiting.length && !exact.hasBlobs(detail)) {
      outbox.postEvent(name, detail);
    } else {
      post(EVENT + name + ',' + detail);
    }
  }

  async function proceed() {
    while (waiting.length) {
      const { message, isOwed } = waiting[0];
      let text = message;
      try {
        text = exact.hasBlobs(message) ? await exact.filled(message) : message;
        if (text.length > messageChars) {
          values.tooLarge('message with a', 'Blob', text.length + ' characters are over the limit of ' + messageChars);
        }
        if (waiting.length) { // the page has not ended meanwhile
          outbox.post(text, isOwed);
        }
      } catch (error) {
        refuse(message, error);
      }
      chars -= message.length;
      waiting.shift();
    }
    chars = 0;
  }

  /** The page ends: messages with an unread Blob are lost, the others leave. */
  function end() {
    const left = waiting;
    waiting = [];
    for (const { message, isOwed } of left) {
      if (!exact.hasBlobs(message)) {
        outbox.post(message, isOwed);
      }
    }
  }

  return { post, postEvent, end };
}
