export { default as BranchPapers } from './BranchPapers.vue';
export { default as PapersPane } from './PapersPane.vue';
export { default as PaperViewer } from './PaperViewer.vue';
export { shownPaper } from './shown.ts';
