import { createRouter, createWebHistory, type Router } from 'vue-router';

/** One route an area, loaded when first opened. Who may be where is the shell's matter: only it knows the roles. */
export function createAppRouter(): Router {
  return createRouter({
    history: createWebHistory('/agent/'),
    routes: [
      { path: '/', name: 'home', component: () => import('./shell/NothingAssigned.vue') },
      { path: '/desk', name: 'desk', component: () => import('./areas/desk/DeskArea.vue') },
      { path: '/reviews', name: 'reviews', component: () => import('./areas/reviews/ReviewsArea.vue') },
      { path: '/branch', name: 'branch', component: () => import('./areas/branch/BranchArea.vue') },
      { path: '/calls', name: 'calls', component: () => import('./areas/calls/CallsArea.vue') },
      { path: '/queue', name: 'queue', component: () => import('./areas/queue/QueueArea.vue') },
      { path: '/rules', name: 'rules', component: () => import('./areas/rules/RulesArea.vue') },
      { path: '/staffing', name: 'staffing', component: () => import('./areas/staffing/StaffingArea.vue') },
      { path: '/journeys', name: 'journeys', component: () => import('./areas/journeys/JourneysArea.vue') },
      {
        path: '/appointments',
        name: 'appointments',
        component: () => import('./areas/appointments/AppointmentsArea.vue'),
      },
      { path: '/services', name: 'services', component: () => import('./areas/services/ServicesArea.vue') },
      { path: '/audit', name: 'audit', component: () => import('./areas/audit/AuditArea.vue') },
      { path: '/:rest(.*)*', redirect: { name: 'home' } },
    ],
  });
}
