// auroraview.fs, dialog, clipboard, drag, shell; invoke; answers to calls of the page's own; configuration.

import assert from 'node:assert/strict';
import test from 'node:test';

import { openPage } from './fake-page.mjs';

const NAMES = ['fs', 'dialog', 'clipboard', 'drag', 'shell'];

/** Call a method of a capability; give what it sends, and the promise. */
function called(source, capabilities = NAMES) {
  const page = openPage({ capabilities });
  const promise = page.run('auroraview.' + source);
  page.turn();
  const [message] = page.messages();
  return { page, promise, method: message.method, params: message.params, id: message.id };
}

const present = (page) => NAMES.filter((name) => name in page.aurora);

test('keys are there only where enabled, from the first script', () => {
  assert.deepEqual(present(openPage()), []);
  assert.deepEqual(present(openPage({ capabilities: ['fs', 'shell'] })), ['fs', 'shell']);
});

test('keys come and go with what Python says, and are the same objects again', () => {
  const page = openPage({ capabilities: ['fs'] });
  const { fs } = page.aurora;
  page.deliver(1, [0, '__auroraview_capabilities', ['clipboard']]);
  assert.deepEqual(present(page), ['clipboard']);
  page.deliver(2, [0, '__auroraview_capabilities', ['fs', 'unheard-of']]);
  assert.deepEqual(present(page), ['fs']);
  assert.equal(page.aurora.fs, fs);
});

test('what stands under such a name already stays', () => {
  const page = openPage({ commands: ['fs.mine'], capabilities: ['fs'] });
  assert.deepEqual(Object.keys(page.aurora.fs), ['mine']);
  page.deliver(1, [0, '__auroraview_capabilities', []]);
  assert.deepEqual(Object.keys(page.aurora.fs), ['mine']);
});

const SENT = [
  ["fs.readFile('/a')", 'fs/read_file', { path: '/a' }],
  ["fs.readFile('/a', 'base64')", 'fs/read_file', { path: '/a', encoding: 'base64' }],
  ["fs.readFile('/a', {encoding: 'utf-8'})", 'fs/read_file', { path: '/a', encoding: 'utf-8' }],
  ["fs.readFileBinary('/a')", 'fs/read_file_binary', { path: '/a' }],
  ["fs.writeFile('/a', 'x')", 'fs/write_file', { path: '/a', contents: 'x', append: false }],
  ["fs.writeFile('/a', 'x', true)", 'fs/write_file', { path: '/a', contents: 'x', append: true }],
  ["fs.writeFile('/a', 'eA==', {encoding: 'base64', append: true})", 'fs/write_file',
    { path: '/a', contents: 'eA==', append: true, encoding: 'base64' }],
  ["fs.writeFile('/a', new Uint8Array([255, 0]))", 'fs/write_file_binary', { path: '/a', contents: '/wA=', append: false }],
  ["fs.writeFileBinary('/a', new Uint8Array([1, 255, 0, 2]).subarray(1, 3).slice().buffer, true)", 'fs/write_file_binary',
    { path: '/a', contents: '/wA=', append: true }],
  ["fs.readDir('/a')", 'fs/read_dir', { path: '/a', recursive: false }],
  ["fs.readDir('/a', {recursive: true})", 'fs/read_dir', { path: '/a', recursive: true }],
  ["fs.createDir('/a')", 'fs/create_dir', { path: '/a', recursive: true }],
  ["fs.createDir('/a', false)", 'fs/create_dir', { path: '/a', recursive: false }],
  ["fs.remove('/a', true)", 'fs/remove', { path: '/a', recursive: true }],
  ["fs.copy('/a', '/b')", 'fs/copy', { from: '/a', to: '/b' }],
  ["fs.rename('/a', '/b')", 'fs/rename', { from: '/a', to: '/b' }],
  ["fs.exists('/a')", 'fs/exists', { path: '/a' }],
  ["fs.stat('/a')", 'fs/stat', { path: '/a' }],
  ['dialog.openFile()', 'dialog/open_file', {}],
  ["dialog.openFiles({title: 'T'})", 'dialog/open_files', { title: 'T' }],
  ['dialog.openFolder()', 'dialog/open_folder', {}],
  ['dialog.openFolders()', 'dialog/open_folders', {}],
  ["dialog.saveFile({defaultName: 'x'})", 'dialog/save_file', { defaultName: 'x' }],
  ["dialog.message({message: 'm', level: 'error'})", 'dialog/message', { message: 'm', level: 'error' }],
  ["dialog.warning('m', 'T')", 'dialog/message', { message: 'm', title: 'T', level: 'warning' }],
  ["dialog.confirm({message: 'm'})", 'dialog/confirm', { message: 'm' }],
  ["dialog.ask('m', 'T')", 'dialog/confirm', { message: 'm', title: 'T' }],
  ["dialog.ask({message: 'm'})", 'dialog/confirm', { message: 'm' }],
  ['clipboard.readText()', 'clipboard/read_text', {}],
  ["clipboard.writeText('x')", 'clipboard/write_text', { text: 'x' }],
  ['clipboard.clear()', 'clipboard/clear', {}],
  ['clipboard.hasText()', 'clipboard/has_text', {}],
  ["drag.start({paths: ['/a']})", 'drag/start', { paths: ['/a'] }],
  ["shell.open('https://a')", 'shell/open', { path: 'https://a' }],
  ["shell.openPath('/a')", 'shell/open_path', { path: '/a' }],
  ["shell.showInFolder('/a')", 'shell/show_in_folder', { path: '/a' }],
];

for (const [source, method, params] of SENT) {
  test(source + ' invokes ' + method, () => {
    const found = called(source);
    assert.equal(found.method, 'plugin:' + method);
    assert.deepEqual(found.params, params);
  });
}

const ANSWERS = [
  ["fs.readFile('/a')", 'text', 'text'],
  ["fs.exists('/a')", { exists: true }, true],
  ["dialog.ask('m')", { confirmed: false }, false],
  ["dialog.confirm('m')", { confirmed: true }, { confirmed: true }],
  ['clipboard.readText()', { text: 'x' }, 'x'],
  ['clipboard.hasText()', { hasText: true }, true],
];

for (const [source, answer, value] of ANSWERS) {
  test(source + ' resolves with what it means', async () => {
    const { page, promise, id } = called(source);
    page.deliver(1, [1, id, answer]);
    assert.equal(JSON.stringify(await promise), JSON.stringify(value));
  });
}

test('bytes of a file arrive as bytes', async () => {
  const typed = called("fs.readFile('/a', {encoding: 'binary'})");
  typed.page.deliver(1, [1, typed.id, '/wA=']);
  assert.deepEqual(Array.from(await typed.promise), [255, 0]);
  const buffer = called("fs.readFileBuffer('/a')");
  buffer.page.deliver(1, [1, buffer.id, '/wA=']);
  assert.deepEqual(Array.from(new Uint8Array(await buffer.promise)), [255, 0]);
});

test('bytes beyond what one call may have as arguments are written whole', () => {
  const page = openPage({ capabilities: ['fs'] });
  page.run('auroraview.fs.writeFile("/a", new Uint8Array(200001).fill(65))');
  page.turn();
  const [{ params }] = page.pull().msgs;
  assert.equal(Buffer.from(params.contents, 'base64').toString(), 'A'.repeat(200001));
});

test('a dialog waits for the person, other commands for the usual time', () => {
  assert.equal(called('dialog.openFile()').page.timers.size, 0);
  assert.equal(called("fs.stat('/a')").page.timers.size, 1);
});

test('invoke passes an object even where none is given, and its own timeout', async () => {
  const { page, promise, method, params } = called("invoke('plugin:mine|do', undefined, {timeout: 5})");
  assert.equal(method, 'plugin:mine/do');
  assert.deepEqual(params, {});
  page.pass(5);
  await assert.rejects(promise, { code: 'TIMEOUT' });
});

test('invoke of what is no name rejects', async () => {
  await assert.rejects(openPage().aurora.invoke(7), { code: 'INVALID_NAME' });
  await assert.rejects(openPage().aurora.invoke('plugin:a|b|c'), { code: 'INVALID_NAME' });
});

test('the answer to a call of the page itself is an event, that to one of ours is not', () => {
  const page = openPage();
  const got = [];
  page.aurora.on('__auroraview_call_result', (detail) => got.push(detail));
  page.window.ipc.postMessage('{"type":"call","id":"mine","method":"f"}');
  page.aurora.call('f', 1, { timeout: 5 }).catch(() => undefined);
  page.pass(5);
  page.deliver(1, [1, 'mine', 7], [2, 'other', { code: 'X' }], [1, 'c1', 'too late'], [1, 'c2', 'never asked']);
  assert.deepEqual(JSON.parse(JSON.stringify(got)), [
    { id: 'mine', ok: true, result: 7 }, { id: 'other', ok: false, error: { code: 'X' } }, { id: 'c2', ok: true, result: 'never asked' },
  ]);
});

test('first settings come from the page, setConfig comes after them', () => {
  const page = openPage();
  page.run('window.__AURORAVIEW_CONFIG__ = {callTimeoutMs: 50}');
  page.aurora.call('f').catch(() => undefined);
  assert.equal(Array.from(page.timers.values())[0].delay, 50);

  const other = openPage();
  other.run('window.__AURORAVIEW_CONFIG__ = {callTimeoutMs: 50}');
  other.aurora.setConfig({ callTimeoutMs: 70 });
  other.aurora.call('f').catch(() => undefined);
  assert.equal(Array.from(other.timers.values())[0].delay, 70);
});

test('startDrag tells Python and throws nothing', () => {
  const page = openPage();
  page.aurora.startDrag();
  page.turn();
  assert.deepEqual(page.messages(), [{ type: 'event', event: '__auroraview_start_drag', detail: null }]);
});
