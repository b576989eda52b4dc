/** One of the tabs of an origin, which does for all what must happen once. */
export type Leadership = { isLeader(): boolean; leave(): void };

/**
 * The first tab leads until it closes; then another one. A tab takes the lead at its first gesture: a sound needs one.
 * Over plain HTTP browsers have no locks, and each tab leads.
 * @param name  of the lock
 */
export function joinTabs(name: string): Leadership {
  const { locks } = navigator;
  if (!locks) return { isLeader: () => true, leave() {} };
  const leaving = new AbortController();
  const { promise: left, resolve: release } = Promise.withResolvers<void>();
  let isLeader = false;

  function hold(options: LockOptions) {
    const lead = () => {
      isLeader = true;
      return left;
    };
    locks.request(name, options, lead).catch(() => {
      // Another tab has taken the lead, or this one leaves.
      isLeader = false;
      if (!leaving.signal.aborted) hold({ signal: leaving.signal });
    });
  }

  function onGesture() {
    if (!isLeader) hold({ steal: true });
  }

  hold({ signal: leaving.signal });
  for (const gesture of ["pointerdown", "keydown"])
    addEventListener(gesture, onGesture, { once: true, signal: leaving.signal });
  return {
    isLeader: () => isLeader,
    leave() {
      leaving.abort();
      release();
    },
  };
}
