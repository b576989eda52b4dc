import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";

/** Spread of the pauses between messages: most are short, some take hours. */
const pauseSpread = 1.5;

/**
 * Sorts the messages of all conversations by time: as in real use, rows of different conversations are interleaved.
 * @returns one number per message, ascending; read it with `momentOf` and `placeOf`
 */
export function orderMessages(plans: Plan[], messages: number, random: Random): Float64Array {
  // (time, conversation) packed into one number is sorted natively. For 62 days it is exact up to 1.6 million conversations.
  const keys = new Float64Array(messages);
  const baseMs = plans[0]!.beganMs;
  let filled = 0;
  for (const [place, { beganMs, endsMs, length }] of plans.entries()) {
    const first = filled;
    let sum = 0;
    keys[filled++] = 0;
    while (filled < first + length) keys[filled++] = sum += random.logNormal(1, pauseSpread);
    const scale = sum > 0 ? (endsMs - beganMs) / sum : 0;
    for (let i = first; i < filled; i++)
      keys[i] = (beganMs - baseMs + Math.floor(keys[i]! * scale)) * plans.length + place;
  }
  return keys.sort();
}

export const momentOf = (key: number, plans: Plan[]) => plans[0]!.beganMs + Math.floor(key / plans.length);
export const placeOf = (key: number, plans: Plan[]) => key % plans.length;
