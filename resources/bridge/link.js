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

  const PAGE_CHARS = 12; // of the node's first text: the rest is the key
  const HTML = 'http://www.w3.org/1999/xhtml'; // createElement() makes other elements in XML documents
  const { apply } = Reflect;
  const { dispatchEvent, addEventListener } = EventTarget.prototype;
  const Signal = Event;
  const data = /** @type {any} */ (Object.getOwnPropertyDescriptor(CharacterData.prototype, 'data'));
  const { get, set } = data;
  const { get: getIdle, set: setIdle } = Map.prototype;

  /** @param {any} event of the relay's */
  function meet(event) {
    const node = event.relatedTarget;
    document.removeEventListener(token + 'met', meet);
    // Outside the document nothing finds it, and events in a shadow tree do not show in window.event.
    document.createElementNS(HTML, 'div').attachShadow({ mode: 'closed' }).appendChild(node);
    const id = node.data;

    /** @type {Map<string, Event>} */
    const idle = new Map(); // events that can be dispatched again: a new event costs as much as the rest of the way

    /** @param {string} type @param {string} [text] */
    function tell(type, text) {
      const event = apply(getIdle, idle, [type]) || new Signal(type);
      apply(setIdle, idle, [type, undefined]);
      apply(set, node, [text || '']);
      apply(dispatchEvent, node, [event]);
      apply(setIdle, idle, [type, event]);
    }

    /** @param {string} type @param {(text: string) => void} heard */
    function on(type, heard) {
      apply(addEventListener, node, [type, () => heard(apply(get, node, []))]);
    }

    tell('met');
    linked({ page: id.slice(0, PAGE_CHARS), key: id.slice(PAGE_CHARS), tell, on });
  }

  document.addEventListener(token + 'met', meet);
  document.dispatchEvent(new Event(token + 'ask'));
}
