import { exchange, type Topic } from "./exchange";

/*
 * Fixed facts: the town of Larkhill and a child's knowledge of animals, colours and things.
 */
const town: readonly (readonly [questions: readonly string[], answer: string])[] = [
  [
    ["What is your town called?", "Which town do you know?", "What is Larkhill?", "Tell me about Larkhill."],
    "Larkhill is a small town by the river Wend.",
  ],
  [["Which river is in Larkhill?", "What is the river called?"], "The river is called the Wend."],
  [
    ["Who bakes the bread in Larkhill?", "Who is the baker?", "Who runs the bakery?"],
    "Marta Bell runs the bakery on Mill Road.",
  ],
  [["Where is the bakery?", "Where can I buy bread?"], "The bakery is on Mill Road, beside the bridge."],
  [["Who is the teacher?", "Who teaches at the school?"], "Mr Finch teaches at the school."],
  [["Where is the school?", "Is there a school in Larkhill?"], "The school is on Church Street."],
  [["Who is the doctor in Larkhill?", "Who is the doctor?"], "Doctor Reed is the doctor. She has a grey cat."],
  [["Where is the harbour?", "Is there a harbour?"], "The harbour is at the end of Ship Street."],
  [["Who has a boat?", "Who is the fisherman?"], "Old Tom has a green boat in the harbour."],
  [["When is the market?", "Is there a market in Larkhill?"], "The market is on Saturday, on the square."],
  [
    ["What can I see in Larkhill?", "What can I do in Larkhill?"],
    "You can see the old mill, the harbour and the market.",
  ],
  [["How old is the mill?", "Who lives in the mill?"], "The mill is very old. Only owls live there."],
];

const sounds = [
  ["cow", "moo"],
  ["dog", "woof"],
  ["cat", "meow"],
  ["duck", "quack"],
  ["sheep", "baa"],
  ["hen", "cluck"],
  ["owl", "hoot"],
  ["mouse", "squeak"],
  ["pig", "oink"],
  ["bee", "buzz"],
  ["horse", "neigh"],
  ["lion", "roar"],
] as const;
const colours = [
  ["grass", "green"],
  ["the sky", "blue"],
  ["snow", "white"],
  ["a lemon", "yellow"],
  ["a tomato", "red"],
  ["coal", "black"],
  ["a carrot", "orange"],
  ["milk", "white"],
  ["a cherry", "red"],
  ["chocolate", "brown"],
  ["a banana", "yellow"],
  ["the sea", "blue"],
] as const;
const opposites = [
  ["big", "small"],
  ["hot", "cold"],
  ["old", "new"],
  ["fast", "slow"],
  ["happy", "sad"],
  ["wet", "dry"],
  ["light", "dark"],
  ["loud", "quiet"],
  ["hard", "soft"],
  ["full", "empty"],
  ["cheap", "expensive"],
  ["early", "late"],
  ["open", "closed"],
  ["up", "down"],
  ["left", "right"],
  ["day", "night"],
  ["black", "white"],
  ["good", "bad"],
  ["strong", "weak"],
  ["clean", "dirty"],
  ["yes", "no"],
] as const;
const kinds = [
  ["an apple", "a fruit"],
  ["a carrot", "a vegetable"],
  ["a dog", "an animal"],
  ["a hammer", "a tool"],
  ["a piano", "an instrument"],
  ["a rose", "a flower"],
  ["an oak", "a tree"],
  ["a pear", "a fruit"],
  ["an onion", "a vegetable"],
  ["an owl", "a bird"],
  ["a salmon", "a fish"],
  ["a saw", "a tool"],
  ["a drum", "an instrument"],
  ["a cabbage", "a vegetable"],
  ["a cow", "an animal"],
  ["a hen", "a bird"],
] as const;
const uses = [
  ["a knife", "cut bread"],
  ["an umbrella", "stay dry in the rain"],
  ["a key", "open a door"],
  ["a pen", "write"],
  ["a bed", "sleep"],
  ["a cup", "drink tea"],
  ["a lamp", "see in the dark"],
  ["a boat", "cross the river"],
  ["a coat", "stay warm"],
  ["a phone", "call your friends"],
  ["soap", "wash your hands"],
  ["a pan", "cook an egg"],
  ["a bag", "carry things"],
  ["a clock", "know the time"],
] as const;

export const larkhill: Topic = ({ random }) => {
  const [questions, answer] = random.pick(town);
  return [exchange(random.pick(questions), answer)];
};

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const everydayFacts: Topic = ({ random }) =>
  random.pick([
    () => {
      const [animal, sound] = random.pick(sounds);
      return [
        exchange(
          random.pick([`What does a ${animal} say?`, `How does a ${animal} sound?`]),
          `A ${animal} says ${sound}.`,
        ),
      ];
    },
    () => {
      const [thing, colour] = random.pick(colours);
      return [exchange(`What colour is ${thing}?`, `${upper(thing)} is ${colour}.`)];
    },
    () => {
      const both = random.pick(opposites);
      const [word, other] = random.chance(0.5) ? both : [both[1], both[0]];
      return [
        exchange(
          random.pick([`What is the opposite of ${word}?`, `What is not ${word}?`]),
          `The opposite of ${word} is ${other}.`,
        ),
      ];
    },
    () => {
      const [thing, kind] = random.pick(kinds);
      return [exchange(`What is ${thing}?`, `${upper(thing)} is ${kind}.`)];
    },
    () => {
      const [thing, use] = random.pick(uses);
      return [
        exchange(
          random.pick([`What is ${thing} for?`, `What can I do with ${thing}?`]),
          `With ${thing} you can ${use}.`,
        ),
      ];
    },
  ])();
