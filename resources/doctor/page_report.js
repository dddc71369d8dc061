// Report the features of a page here, as JSON: WebGL and its renderer, codecs, and Chromium's version.
(() => {
  /** @param {string} kind */
  const context = (kind) => {
    try {
      return /** @type {WebGLRenderingContext | null} */ (document.createElement('canvas').getContext(kind));
    } catch (error) {
      return null;
    }
  };
  const second = context('webgl2');
  const gl = second || context('webgl');
  const info = gl && gl.getExtension('WEBGL_debug_renderer_info');
  const video = document.createElement('video');
  /** @type {Record<string, string>} */
  const types = {
    'H.264': 'video/mp4; codecs="avc1.42E01E"',
    'H.265': 'video/mp4; codecs="hvc1.1.6.L93.B0"',
    AAC: 'audio/mp4; codecs="mp4a.40.2"',
    VP9: 'video/webm; codecs="vp9"',
    AV1: 'video/mp4; codecs="av01.0.05M.08"',
    Opus: 'audio/webm; codecs="opus"',
  };
  const chromium = /Chrome\/(\S+)/.exec(navigator.userAgent);
  return JSON.stringify({
    webgl: second ? 2 : gl ? 1 : 0,
    renderer: gl ? String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : '',
    codecs: Object.keys(types).filter((name) => video.canPlayType(types[name]) !== ''),
    chromium: chromium ? chromium[1] : '',
  });
})()
