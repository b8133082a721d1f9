import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import icons from 'unplugin-icons/vite';
import { defineConfig } from 'vite';
import { firstLoadLimit } from './first-load.ts';

const server = { target: 'http://127.0.0.1:4000', changeOrigin: true };

export default defineConfig({
  base: '/kiosk/',
  plugins: [vue(), tailwindcss(), icons({ compiler: 'vue3' }), firstLoadLimit({ most: 250_000 })],
  define: {
    // JSON Forms' own component is written in it.
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: 'dist',
    rolldownOptions: { input: ['index.html', 'papers.html'] },
    target: 'es2022',
    // The content security policy allows files of this origin only: nothing may be inlined as data or script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': server, '/voice': server, '/line': { ...server, ws: true } } },
});
