/** Two short tones, each with its start and frequency. */
const tones = [
  [0, 880],
  [0.14, 1174.66],
] as const;
const seconds = 0.45;
const volume = 0.2;

/** Plays a short sound. Before the first gesture in the page it does nothing: the browser would refuse. */
export function playChime(): void {
  if (!navigator.userActivation?.hasBeenActive) return;
  const context = new AudioContext();
  for (const [start, frequency] of tones) {
    const from = context.currentTime + start;
    const oscillator = new OscillatorNode(context, { type: "sine", frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(volume, from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, from + seconds);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(from + seconds);
  }
  setTimeout(() => void context.close(), (tones[1][0] + seconds + 0.1) * 1_000);
}
