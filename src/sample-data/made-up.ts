import { type Corpus, createCorpusBuilder, type Dialogue } from "./corpus.ts";
import type { Random } from "./random.ts";

/** Made-up dialogues with shops, used if there is no corpus of real ones. */

const topics = {
  "Bicycles & Parts": ["the city bike", "a pair of brake pads", "the child seat", "the 28 inch wheel", "a chain lock"],
  "Coffee Roastery": ["the espresso beans", "a hand grinder", "the tasting box", "the decaf blend", "a paper filter"],
  "Garden Centre": ["the lemon tree", "a raised bed", "the watering system", "the lawn mower", "a bag of compost"],
  Bookshop: ["the second volume", "a signed copy", "the audio book", "the cookbook", "a gift voucher"],
  "Shoes & Boots": ["the hiking boots", "a half size up", "the winter lining", "the blue trainers", "a shoe tree"],
  "Hotel by the Lake": ["a double room", "the breakfast", "the late check-out", "a parking space", "the family suite"],
  "Web Hosting": ["the small plan", "a second domain", "the SSL certificate", "the mailbox", "the nightly copy"],
  "Music Store": ["the digital piano", "a set of strings", "the microphone", "the rehearsal room", "a drum stool"],
};
const times = ["today", "tomorrow", "by Friday", "next week", "before the weekend", "at the end of the month"];
const reasons = [
  "It is a present, so it would have to arrive in time.",
  "I have waited for more than a week now and heard nothing.",
  "The page says one thing and the mail that I got says another.",
  "I tried it on my phone and on my laptop, with the same result both times.",
  "My neighbour has the same one and is very happy with it, that is why I ask.",
];
const visitorTurns = [
  "Hi",
  "Hello, a question about {thing}.",
  "Is {thing} available {time}?",
  "How much would {thing} cost, with delivery?",
  "My order {number} has not arrived yet. {reason}",
  "I ordered {thing}, but something else was in the parcel. {reason} What should I do now?",
  "Can I send back {thing}? {reason}",
  "I cannot pay: after I choose the card nothing happens. {reason} {reason}",
  "ok",
  "Yes please",
  "That would be great, thank you!",
  "No, the other one: number {number}.",
  "And if I need it {time}? {reason}",
  "Thanks, that is all I wanted to know :)",
];
const agentTurns = [
  "Hello! How can I help?",
  "Let me have a look.",
  "One moment please, I am asking a colleague.",
  "Yes, {thing} is in stock and can be with you {time}.",
  "I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.",
  "I found it: order {number} left our house yesterday and should arrive {time}. You will get a mail with a link to follow it.",
  "We can exchange {thing} without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office {time}.",
  "I have noted that for {number}.",
  "You are welcome! Is there anything else?",
  "Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on {time}.",
  "Have a nice day!",
];
const [dialoguesEach, shortest, longest] = [250, 4, 40];

/** Sentences of a small grammar, 2 to 300 characters each. */
export function makeUpCorpus(random: Random): Corpus {
  const builder = createCorpusBuilder();
  for (const [topic, things] of Object.entries(topics))
    for (let i = 0; i < dialoguesEach; i++) builder.add({ topic, turns: makeUpTurns(things, random) });
  return builder.build();
}

function makeUpTurns(things: string[], random: Random): Dialogue["turns"] {
  const turns: Dialogue["turns"] = [];
  const count = shortest + random.below(longest - shortest);
  let author: "visitor" | "agent" = "visitor";
  while (turns.length < count) {
    turns.push([author, fillIn(random.pick(author === "visitor" ? visitorTurns : agentTurns), things, random)]);
    // Sometimes an author writes twice in a row.
    if (random.chance(0.8)) author = author === "visitor" ? "agent" : "visitor";
  }
  return turns;
}

const fillIn = (sentence: string, things: string[], random: Random) =>
  sentence.replace(/\{(\w+)\}/g, (_, slot) => {
    if (slot === "thing") return random.pick(things);
    if (slot === "time") return random.pick(times);
    return slot === "reason" ? random.pick(reasons) : String(10_000 + random.below(90_000));
  });
