/** Number of sockets that one worker connects at the same time. */
export const connectAtOnce = 128;
