/// <reference types="vite/client" />
/// <reference types="unplugin-icons/types/vue" />

/** Where the build puts what `@shiguredo/virtual-background` loads. */
declare const BACKGROUND_FILES: string;
