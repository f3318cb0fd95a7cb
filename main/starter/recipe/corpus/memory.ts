import { digital, spokenTime, usualTime } from "./clock";
import { type Exchange, exchange, type Topic } from "./exchange";
import { capitalise, madeUpWord } from "./made-up";
import type { Values } from "./values";

/*
 * Remembering what was said: facts about people and things, asked for at once or a few turns later.
 */
interface Fact {
  readonly statement: string;
  readonly question: string;
  readonly answer: string;
}

const relatives = "sister brother mother father aunt uncle cousin friend teacher boss neighbour daughter son".split(
  " ",
);
const pets = "dog cat rabbit hamster horse parrot goldfish turtle hen".split(" ");

function facts(values: Values): readonly (() => Fact)[] {
  const { random } = values;
  const fact = (statement: string, question: string, answer: string): Fact => ({ statement, question, answer });
  return [
    () => {
      const [who, name] = [random.pick(relatives), values.name()];
      return fact(
        random.pick([`My ${who} is called ${name}.`, `My ${who}'s name is ${name}.`, `${name} is my ${who}.`]),
        random.pick([`What is my ${who} called?`, `What is the name of my ${who}?`, `Who is my ${who}?`]),
        `Your ${who} is called ${name}.`,
      );
    },
    () => {
      const [pet, name] = [random.pick(pets), values.name()];
      return fact(
        random.pick([`I have a ${pet} called ${name}.`, `My ${pet} is called ${name}.`]),
        random.pick([`What is my ${pet} called?`, `What is the name of my ${pet}?`]),
        `Your ${pet} is called ${name}.`,
      );
    },
    () => {
      const name = values.name();
      return fact(
        random.pick([`My name is ${name}.`, `I am ${name}.`, `Call me ${name}.`]),
        random.pick(["What is my name?", "Who am I?", "Do you remember my name?"]),
        `Your name is ${name}.`,
      );
    },
    () => {
      const town = values.town();
      return fact(
        random.pick([`I live in ${town}.`, `My home is in ${town}.`]),
        random.pick(["Where do I live?", "What is my town called?"]),
        `You live in ${town}.`,
      );
    },
    () => {
      const food = values.food();
      return fact(
        random.pick([`I like ${food}.`, `I love ${food}.`, `My favourite food is ${food}.`]),
        random.pick(["What do I like?", "What is my favourite food?"]),
        `You like ${food}.`,
      );
    },
    () => {
      const [adjective, thing] = [values.adjective(), values.thing()];
      return fact(
        `My ${thing} is ${adjective}.`,
        random.pick([`What is my ${thing} like?`, `How is my ${thing}?`]),
        `Your ${thing} is ${adjective}.`,
      );
    },
    () => {
      const [thing, place] = [values.thing(), random.chance(0.5) ? `in the ${values.room()}` : `at ${values.place()}`];
      return fact(`The ${thing} is ${place}.`, `Where is the ${thing}?`, `The ${thing} is ${place}.`);
    },
    () => {
      const [name, thing] = [values.name(), values.thing()];
      return fact(`${name} has the ${thing}.`, `Who has the ${thing}?`, `${name} has the ${thing}.`);
    },
    () => {
      const [name, food] = [values.name(), values.food()];
      return fact(
        `${name} likes ${food}.`,
        random.chance(0.5) ? `Who likes ${food}?` : `What does ${name} like?`,
        `${name} likes ${food}.`,
      );
    },
    () => {
      const [name, message] = [values.name(), values.message()];
      return fact(`${name} says ${message}.`, `What does ${name} say?`, `${name} says "${message}".`);
    },
    () => {
      const [word, thing] = [madeUpWord(random), values.thing()];
      return fact(
        `In my language a ${thing} is a ${word}.`,
        random.chance(0.5) ? `What is a ${word}?` : `What is a ${thing} in my language?`,
        `A ${word} is a ${thing}.`,
      );
    },
    () => {
      const [name, place] = [values.name(), values.place()];
      return fact(
        `${name} works at ${place}.`,
        random.chance(0.5) ? `Where does ${name} work?` : `Who works at ${place}?`,
        `${name} works at ${place}.`,
      );
    },
    () => {
      const time = usualTime(random);
      const what = random.pick(["train", "bus", "school", "film", "party", "match", "lesson", "boat"]);
      return fact(
        `The ${what} starts at ${spokenTime(random, time)}.`,
        `When does the ${what} start?`,
        `The ${what} starts at ${digital(time)}.`,
      );
    },
    () => {
      const number = String(random.between(100, 9999));
      const what = random.pick(["number", "code", "room number", "ticket number"]);
      return fact(`My ${what} is ${number}.`, `What is my ${what}?`, `Your ${what} is ${number}.`);
    },
    () => {
      const errand = values.errand();
      return fact(
        `I have to ${errand}.`,
        random.pick(["What do I have to do?", "What was I going to do?"]),
        `You have to ${errand}.`,
      );
    },
  ];
}

const nods = ["Okay.", "I will remember that.", "Good to know.", "Thank you for telling me.", "I see."];

/** All facts in one message, one of them asked for at once. */
export const factAtOnce: Topic = (values) => {
  const { random } = values;
  const told = random.sample(facts(values), random.between(1, 3)).map((make) => make());
  const asked = random.pick(told);
  return [exchange(`${told.map((fact) => fact.statement).join(" ")} ${asked.question}`, asked.answer)];
};

/** Facts told turn by turn, then asked for in any order. */
export const factsLater: Topic = (values) => {
  const { random } = values;
  const told = random.sample(facts(values), random.between(1, 3)).map((make) => make());
  const telling: Exchange[] = told.map((fact) => exchange(fact.statement, reply(values, fact)));
  return [...telling, ...random.shuffle(told).map((fact) => exchange(fact.question, fact.answer))];
};

function reply(values: Values, fact: Fact): string {
  return values.random.chance(0.4) ? fact.answer : values.random.pick(nods);
}

/** Who said, likes or has what, among two or three people. */
export const whoIsWho: Topic = (values) => {
  const { random } = values;
  const count = random.between(2, 3);
  const names = Array.from({ length: count }, () => values.name());
  if (new Set(names).size < count) return whoIsWho(values);
  const [verb, does, things] = random.pick([
    ["likes", "like", names.map(() => values.food())],
    ["has", "have", names.map(() => `the ${values.adjective()} ${values.thing()}`)],
    ["is at", "", names.map(() => values.place())],
    ["wants", "want", names.map(() => values.item())],
  ] as const);
  const told = names.map((name, index) => `${name} ${verb} ${things[index]}.`).join(" ");
  const index = random.between(0, count - 1);
  const answer = `${names[index]} ${verb} ${things[index]}.`;
  const aboutThing = does === "" ? `Where is ${names[index]}?` : `What does ${names[index]} ${does}?`;
  return [exchange(`${told} ${random.chance(0.5) ? `Who ${verb} ${things[index]}?` : aboutThing}`, answer)];
};

/** "I am called …" answered with a greeting by name. */
export const greetingByName: Topic = (values) => {
  const name = values.name();
  return [
    exchange(
      values.random.pick([`Hello, I am ${name}.`, `Hi, my name is ${name}`, `I'm ${name}`]),
      values.random.pick([
        `Hello ${name}, nice to meet you!`,
        `Hi ${name}! How are you?`,
        capitalise(`${name}, what a nice name!`),
      ]),
    ),
  ];
};
