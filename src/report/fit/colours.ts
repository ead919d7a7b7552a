import { alternativeToken, token } from '../charts/theme.js';

/** What the colours of the page of a fit stand for. */
export const observed = token('ink');
export const predicted = token('inference');
/** What the fit never saw. */
export const unseen = alternativeToken(1);
