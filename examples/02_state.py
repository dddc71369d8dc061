"""Shared state: a selection and settings that Python and the page both change, and both see."""

import sys

from qtpy.QtWidgets import QApplication

from auroraview_qt import WebView

HTML = """<html lang="en"><title>Selection</title>
<style>
  :root { color-scheme: dark }
  body { margin: 0; background: #444; color: #ddd; font: 9pt sans-serif; user-select: none }
  header { display: flex; align-items: center; gap: 4px; height: 28px; padding: 0 8px; border-bottom: 1px solid #383838 }
  header output { margin-left: auto; color: #bbb }
  ul { margin: 0; padding: 4px 0; list-style: none; background: #2b2b2b; border-bottom: 1px solid #383838 }
  li { height: 22px; padding: 0 8px; line-height: 22px }
  li:hover { background: #353535 }
  li[aria-selected=true] { background: #3f6f8f; color: #fff }
  li:focus-visible, input:focus-visible, button:focus-visible { outline: 1px solid #7ab; outline-offset: -1px }
  label { display: grid; grid-template-columns: 64px 1fr 32px; align-items: center; gap: 8px; height: 28px; padding: 0 8px }
  input { width: 100%; margin: 0; accent-color: #5285a6 }
  button { height: 20px; padding: 0 8px; border: 1px solid #383838; border-radius: 2px; background: #5d5d5d; color: inherit;
           font: inherit }
  button:hover:enabled { background: #6a6a6a }
  button:active:enabled { background: #2b2b2b }
  button:disabled { color: #888 }
</style>
<header>
  <button id="all">Select all</button> <button id="none">Clear</button> <output id="count" aria-live="polite"></output>
</header>
<ul id="list" role="listbox" aria-label="Objects" aria-multiselectable="true"></ul>
<label>Opacity <input id="opacity" type="range" min="0" max="100"> <output id="percent"></output></label>
<script>
  const { state } = auroraview;  // already what Python has set

  function draw() {
    const { objects, selection, opacity: value } = state.snapshot();
    objects.forEach((name, index) => {
      const row = list.children[index] || list.appendChild(Object.assign(document.createElement('li'), {tabIndex: 0}));
      row.setAttribute('role', 'option');
      row.setAttribute('aria-selected', selection.includes(name));
      row.textContent = name;
    });
    count.value = selection.length + ' of ' + objects.length;
    all.disabled = selection.length === objects.length;
    none.disabled = selection.length === 0;
    opacity.value = value;
    percent.value = value + ' %';
  }

  function toggle(name) {
    const at = state.selection.indexOf(name);
    at < 0 ? state.selection.push(name) : state.selection.splice(at, 1);
  }

  list.onclick = (event) => event.target.matches('li') && toggle(event.target.textContent);
  list.onkeydown = (event) => {
    const step = {ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling'}[event.key];
    if (step || event.key === ' ') {
      event.preventDefault();
      step ? event.target[step] && event.target[step].focus() : toggle(event.target.textContent);
    }
  };
  all.onclick = () => { state.selection = state.objects; };
  none.onclick = () => { state.selection = []; };
  opacity.oninput = () => { state.opacity = opacity.valueAsNumber; };
  state.onChange(draw);
  draw();
</script>"""

app = QApplication.instance() or QApplication(sys.argv)
view = WebView(title="Shared state")
view.state.update(objects=["camera1", "pCube1", "pSphere1", "pCone1", "keyLight"], selection=["pCube1"], opacity=80)


def changed(key: str, value: object, source: str) -> None:
    print(f"{source} set {key} to {value}")


view.state.on_change(changed)
view.load_html(HTML)
view.resize(280, 210)
view.show()
app.exec_()
