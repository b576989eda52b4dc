/** How many of one worker connect at the same time. */
export const connectAtOnce = 128;
