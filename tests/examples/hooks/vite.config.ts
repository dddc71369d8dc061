import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: { target: 'chrome83', rolldownOptions: { input: ['react.html', 'vue.html'] } },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
});
