import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  base: './', // the panel is served from auroraview://…/, not from the root of a server
  build: { target: 'chrome83' }, // what Qt 5.15 has; hosts with Qt 6 are newer
});
