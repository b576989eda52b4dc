import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";

/** How far apart messages are, beside one another: most close together, some after hours. */
const pauseSpread = 1.5;

/**
 * Puts the messages of all conversations into the order of time, as in life, where the rows of many conversations come
 * between one another.
 * @returns one number a message, ascending; read it with `momentOf` and `placeOf`
 */
export function orderMessages(plans: Plan[], messages: number, random: Random): Float64Array {
  // (time, conversation) as one number is sorted natively. With 62 days of ms it is exact up to 1.6 million conversations.
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
