/** The kinds of messages; the enums `PageMessage`, `HostMessage` and `Flow` of Python have the same numbers. */

/** How a message to Python begins, by its kind. */
const auroraviewPageMessage = Object.freeze({
  EVENT: '[0,',
  CALL: '[1,',
  LIFE: '[2,',
  TEXT: '[3,',
  STATE: '[4,',
  CANCEL: '[5,',
  STREAM: '[6,',
  CREDIT: '[7,',
  RESULT: '[8,',
  ERROR: '[9,',
  PROGRESS: '[10,',
});

/** The first item of a message of Python, by its kind. */
const auroraviewHostMessage = Object.freeze({
  EVENT: 0,
  RESULT: 1,
  ERROR: 2,
  BIND: 3,
  STATE: 4,
  PROGRESS: 5,
  PART: 6,
  CALL: 7,
  CANCEL: 8,
  EVALUATE: 9,
});

/** What an envelope says about those that come after it. */
const auroraviewFlow = Object.freeze({ WHOLE: 0, PART: 1, PULL: 2, MORE: 3 });
