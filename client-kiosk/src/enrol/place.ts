/** Whether this page is the customer's own device, and not one of the branch. */
export const onPhone: boolean = globalThis.location?.pathname.startsWith('/phone') ?? false;
