import vue from '@vitejs/plugin-vue';
import icons from 'unplugin-icons/vite';
import { defineConfig } from 'vite';
import { backgroundFiles } from './background-files.ts';

export default defineConfig({
  base: '/agent/',
  plugins: [vue(), icons({ compiler: 'vue3', scale: 1 }), backgroundFiles({ base: '/agent/' })],
  define: {
    __VUE_I18N_FULL_INSTALL__: true,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // zod and the setting that forbids it `new Function` in one chunk: another chunk's schemas must not be made before.
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\/|shared\/ui\/src\/jitless/ }] } },
    },
  },
});
