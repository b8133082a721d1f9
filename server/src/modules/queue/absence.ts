/** ms that an agent's line may be down before a ready agent counts as gone. */
export const AGENT_ABSENCE_MS = 8_000;
/** ms that a waiting kiosk's line may be down before its ticket is given up. */
export const KIOSK_ABSENCE_MS = 90_000;
