import { exchange, type Topic } from "./exchange";

/*
 * Very short stories from one pattern; the hero is whoever the person asks for.
 */
const animals = "fox bear cat dog mouse rabbit duck owl frog goat horse hen pig wolf bird".split(" ");
const problems = [
  ["was hungry", "found a big pot of soup"],
  ["was lonely", "met a friendly owl"],
  ["was lost", "saw a light in the mill"],
  ["could not sleep", "listened to the river"],
  ["wanted to fly", "sat on the back of a big bird"],
  ["was afraid of the dark", "followed the stars home"],
  ["lost a shoe", "found it under the bridge"],
] as const;
const endings = [
  "and everybody was happy.",
  "and went home with a smile.",
  "and slept very well that night.",
  "and they became good friends.",
];

export const story: Topic = (values) => {
  const { random } = values;
  const animal = random.chance(0.25) ? values.thing() : random.pick(animals);
  const name = values.name();
  const [trouble, luck] = random.pick(problems);
  const named = random.chance(0.5);
  const request = random.pick(
    named
      ? [`Tell me a story about a ${animal} called ${name}.`, `A story about ${name} the ${animal}, please.`]
      : [`Tell me a story about a ${animal}.`, `Do you know a story about a ${animal}?`],
  );
  const hero = named ? `${name} the ${animal}` : `the ${animal}`;
  const opening = named
    ? `Once there was a ${animal} called ${name}. One day ${name} ${trouble}.`
    : `Once there was a ${animal}. One day the ${animal} ${trouble}.`;
  return [exchange(request, `${opening} Then ${hero} ${luck}, ${random.pick(endings)}`)];
};

export const anyStory: Topic = (values) => {
  const { random } = values;
  const [animal, name] = [random.pick(animals), random.pick(values.lexicon.names)];
  const [trouble, luck] = random.pick(problems);
  const request = random.pick([
    "Tell me a story",
    "Tell me a story.",
    "tell me a story",
    "Do you know a story?",
    "Read me a story.",
  ]);
  return [
    exchange(
      request,
      `Once there was a ${animal} called ${name}. One day ${name} ${trouble}. Then ${name} ${luck}, ${random.pick(endings)}`,
    ),
    ...(random.chance(0.4) ? [exchange("Who was the story about?", `It was about ${name} the ${animal}.`)] : []),
  ];
};
