import { z } from 'zod';

/** What a member of staff may be; one person may hold several. */
export const StaffRole = z.enum(['agent', 'branch-staff', 'supervisor', 'approver', 'inspector', 'administrator']);
export type StaffRole = z.infer<typeof StaffRole>;
/** Who may be at the far end of a line. */
export const Role = z.enum(['kiosk', ...StaffRole.options]);
export type Role = z.infer<typeof Role>;
export const Language = z.enum(['zh-CN', 'en']);
export type Language = z.infer<typeof Language>;
