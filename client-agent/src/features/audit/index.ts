export { default as AuditTable } from './AuditTable.vue';
