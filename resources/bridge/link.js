/**
 * The way to the relay (relay.js), which runs in another world of this document and holds the channel.
 *
 * The two meet before any script of the page, on a node that no other script gets, because a script with the node could send
 * messages for the page. Functions that the page could patch later are captured here first.
 *
 * @typedef {object} Link
 * @property {string} page  names this document in scripts that Python runs in the page's world
 * @property {string} key   what such a script shows to be Python's
 * @property {(type: string, text?: string) => void} tell
 * @property {(type: string, heard: (text: string) => void) => void} on
 *
 * @param {string} token  names the events by which the two meet
 * @param {(link: Link) => void} linked
 */
function auroraviewLink(token, linked) {
  'use strict';

  const PAGE_CHARS = 12; // of the node's id: the rest is the key
  const { apply } = Reflect;
  const { dispatchEvent, addEventListener } = EventTarget.prototype;
  const Message = CustomEvent;
  const detailOf = /** @type {any} */ (Object.getOwnPropertyDescriptor(Message.prototype, 'detail')).get;

  /** @param {any} event of the relay's */
  function meet(event) {
    const node = event.relatedTarget;
    document.removeEventListener(token + 'met', meet);
    // Outside the document nothing finds it, and events in a shadow tree do not show in window.event.
    document.createElementNS(node.namespaceURI, 'div').attachShadow({ mode: 'closed' }).appendChild(node);

    /** @param {string} type @param {string} [text] */
    function tell(type, text) {
      apply(dispatchEvent, node, [new Message(type, /** @type {any} */ ({ __proto__: null, detail: text }))]);
    }

    /** @param {string} type @param {(text: string) => void} heard */
    function on(type, heard) {
      apply(addEventListener, node, [type, (/** @type {Event} */ event) => heard(apply(detailOf, event, []))]);
    }

    tell('met');
    linked({ page: node.id.slice(0, PAGE_CHARS), key: node.id.slice(PAGE_CHARS), tell, on });
  }

  document.addEventListener(token + 'met', meet);
  document.dispatchEvent(new Event(token + 'ask'));
}
