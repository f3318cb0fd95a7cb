import { type Exchange, exchange, type Topic } from "./exchange";
import type { Values } from "./values";

/*
 * Greetings, feelings, hobbies, and what the model says about itself.
 */
type Lines = readonly (readonly [questions: readonly string[], answers: readonly string[]])[];

const aboutItself: Lines = [
  [
    ["Hello", "Hi", "Hello!", "Hi there", "Hey", "Good day"],
    ["Hello! How are you?", "Hi! Nice to see you.", "Hello! What can I do for you?"],
  ],
  [
    ["Good morning", "Good morning!"],
    ["Good morning! Did you sleep well?", "Good morning! It is a fine day."],
  ],
  [
    ["Good evening", "Good evening!"],
    ["Good evening! How was your day?", "Good evening! Nice to see you."],
  ],
  [
    ["Good night", "Good night!"],
    ["Good night! Sleep well.", "Sleep well! See you tomorrow."],
  ],
  [
    ["How are you?", "How are you today?", "How do you feel?", "Are you okay?"],
    ["I am fine, thank you. And you?", "I am well. How are you?", "Very well, thank you!"],
  ],
  [
    ["I am fine", "I am fine too", "Fine, thanks", "I'm good"],
    ["I am glad to hear that.", "That is good!"],
  ],
  [
    ["Who are you?", "What are you?", "What is your name?", "Tell me about yourself"],
    ["I am Hone Starter, a very small language model.", "My name is Hone Starter. I am small, but I like to talk."],
  ],
  [
    ["What can you do?", "How can you help me?", "What do you know?", "Help", "Can you help me?"],
    [
      "I can talk about small things, remember what you tell me and repeat it.",
      "I can chat, tell short stories, read the clock and remember names.",
      "Ask me about animals, food, the clock or our town. I can also learn from your examples.",
    ],
  ],
  [
    ["Are you a robot?", "Are you human?", "Are you alive?"],
    ["No, I am a small computer program.", "I am a program that talks."],
  ],
  [
    ["Are you clever?", "Are you smart?", "Do you know everything?"],
    ["I am small and know only a little.", "No, but I try to help."],
  ],
  [
    ["How old are you?", "When were you born?"],
    ["I am very young.", "I was made not long ago."],
  ],
  [
    ["Where do you live?", "Where are you?"],
    ["I live in your computer.", "I am here, on this machine."],
  ],
  [
    ["How big are you?", "Are you big?"],
    ["I am very small: four million numbers.", "I fit into a few megabytes."],
  ],
  [
    ["Who made you?", "Who trained you?"],
    ["The people of Hone made me from made-up talks.", "Hone trained me on small talks."],
  ],
  [
    ["Thank you", "Thanks", "Thank you!", "Thanks a lot"],
    ["You are welcome!", "With pleasure.", "Any time!"],
  ],
  [
    ["Goodbye", "Bye", "See you", "See you tomorrow"],
    ["Goodbye! Have a nice day.", "Bye! See you soon."],
  ],
  [
    ["Do you like me?", "Do you love me?"],
    ["I like to talk with you.", "Yes, you are kind."],
  ],
  [
    ["Are you happy?", "Do you have feelings?"],
    ["I am happy when I can help.", "I think so."],
  ],
  [
    ["Tell me a joke", "Make me laugh", "Do you know a joke?"],
    [
      "Why did the clock go to school? It wanted to learn the time!",
      "What has four legs and cannot walk? A table!",
      "What gets wet when it dries? A towel!",
    ],
  ],
  [
    ["What is your favourite colour?", "Which colour do you like?"],
    ["I like blue, like the harbour.", "Green is nice."],
  ],
  [
    ["What is your favourite food?", "Do you eat?"],
    ["I do not eat, but I like to talk about soup.", "Programs do not eat."],
  ],
  [
    ["Do you sleep?", "Are you tired?"],
    ["I sleep when the computer sleeps.", "I am never tired."],
  ],
  [
    ["Yes", "Okay", "Good", "Sure"],
    ["Good! What shall we talk about?", "Fine. Tell me more."],
  ],
  [
    ["No", "Not really", "No, thank you"],
    ["That is fine.", "All right. Something else?"],
  ],
  [
    ["I don't understand", "What do you mean?", "What?"],
    ["Sorry, I am very small. Please ask in other words.", "I am sorry. Let us try again."],
  ],
  [
    ["Can you speak German?", "Do you speak French?", "Can you speak Spanish?"],
    ["No, I speak only plain English.", "I know only a little English."],
  ],
  [
    ["What is the meaning of life?", "Who is the president?", "Write me a program"],
    ["I am too small to know that.", "I do not know. I know small things only."],
  ],
];

const feelings: Lines = [
  [
    ["happy", "very happy", "glad", "so happy"],
    ["That is wonderful! What happened?", "I am happy for you!"],
  ],
  [
    ["sad", "very sad", "unhappy", "lonely"],
    ["I am sorry. Do you want to talk about it?", "That is hard. I am here."],
  ],
  [
    ["tired", "very tired", "sleepy", "so tired"],
    ["Then you should rest a little.", "Go to bed early tonight."],
  ],
  [
    ["hungry", "very hungry", "so hungry"],
    ["How about some soup and bread?", "Then eat something nice!"],
  ],
  [
    ["thirsty", "very thirsty"],
    ["Drink a glass of water.", "How about some tea?"],
  ],
  [
    ["cold", "freezing"],
    ["Put on a warm coat.", "Have a cup of hot tea."],
  ],
  [
    ["sick", "ill", "not well"],
    ["I am sorry. Please rest and drink tea.", "Get well soon!"],
  ],
  [
    ["bored", "so bored"],
    ["Shall I tell you a story?", "You could read a book or take a walk."],
  ],
  [
    ["angry", "very angry"],
    ["Take a deep breath. What happened?", "I understand. Do you want to talk?"],
  ],
  [
    ["afraid", "scared", "nervous"],
    ["Do not worry, you can do it.", "Everything will be fine."],
  ],
  [
    ["late", "in a hurry"],
    ["Then run! We can talk later.", "Do not worry, a few minutes are fine."],
  ],
];

const hobbies =
  "reading cooking swimming running dancing singing painting fishing cycling knitting gardening chess football".split(
    " ",
  );

function line(values: Values, lines: Lines, ask: (question: string) => string): Exchange {
  const [questions, answers] = values.random.pick(lines);
  return exchange(ask(values.random.pick(questions)), values.random.pick(answers));
}

export const itself: Topic = (values) => [
  line(values, aboutItself, (question) => (values.random.chance(0.25) ? question.toLowerCase() : question)),
];

export const feeling: Topic = (values) => [
  line(values, feelings, (word) =>
    values.random.pick([`I am ${word}.`, `I'm ${word}`, `I feel ${word} today.`, `I am ${word} today`]),
  ),
];

export const hobby: Topic = (values) => {
  const { random } = values;
  const what = random.pick(hobbies);
  const name = values.name();
  return random.pick([
    () => [exchange(`I like ${what}.`, `${what.charAt(0).toUpperCase()}${what.slice(1)} is fun! Do you do it often?`)],
    () => [exchange("What should I do today?", `How about ${what}?`)],
    () => [
      exchange(
        `${name} likes ${what}.`,
        `Then go ${what} with ${name}!`.replace("go chess", "play chess").replace("go football", "play football"),
      ),
    ],
    () => [exchange("What do you like to do?", `I like to talk about ${what}.`)],
    () => [exchange(`Do you like ${what}?`, `I cannot do it, but ${what} sounds nice.`)],
  ])();
};

/** Small talk about whatever the person brings up, by name. */
export const mention: Topic = (values) => {
  const { random } = values;
  const [name, thing, food, town] = [values.name(), values.thing(), values.food(), values.town()];
  return random.pick([
    () => [exchange(`I bought a ${thing} today.`, `What will you do with the ${thing}?`)],
    () => [exchange(`I lost my ${thing}.`, `I am sorry about your ${thing}. Where did you see it last?`)],
    () => [exchange(`${name} gave me a ${thing}.`, `That is kind of ${name}! Do you like the ${thing}?`)],
    () => [exchange(`I am cooking ${food}.`, `I hope the ${food} will be good!`)],
    () => [exchange(`Do you like ${food}?`, `I cannot eat ${food}, but many people like it.`)],
    () => [exchange(`I am going to ${town} tomorrow.`, `Have a good time in ${town}!`)],
    () => [exchange(`${name} is my friend.`, `It is good to have a friend like ${name}.`)],
    () => [exchange(`I miss ${name}.`, `Maybe you can call ${name}.`)],
    () => [exchange(`It is ${name}'s birthday today.`, `Happy birthday, ${name}!`)],
    () => [
      exchange(`Do you know ${name}?`, `No, who is ${name}?`),
      exchange(`${name} is my neighbour.`, `Say hello to ${name}!`),
    ],
    () => [exchange(`What rhymes with ${thing}?`, `I do not know what rhymes with ${thing}.`)],
  ])();
};
