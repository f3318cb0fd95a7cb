import type { Random } from "../random";
import type { Lexicon } from "./lexicon";
import { blendedWord, capitalise, madeUpName, madeUpTown, madeUpWord } from "./made-up";
import { numberWord } from "./numbers";

/**
 * Draws the values that requests and conversations are about. `madeUp` is the share of open-class words that are
 * replaced by words made up on the spot; `blends` is the share of those that are put together from real words.
 */
export class Values {
  constructor(
    readonly random: Random,
    readonly lexicon: Lexicon,
    readonly madeUp: number,
    readonly blends = 0,
  ) {}

  private word(list: readonly string[]): string {
    if (!this.random.chance(this.madeUp)) return this.random.pick(list);
    return this.isBlend() ? blendedWord(this.random, list) : madeUpWord(this.random);
  }

  private isBlend(): boolean {
    return this.blends > 0 && this.random.chance(this.blends);
  }

  name(): string {
    if (!this.random.chance(this.madeUp)) return this.random.pick(this.lexicon.names);
    return this.isBlend() ? blendedWord(this.random, this.lexicon.names) : madeUpName(this.random);
  }

  /** Somebody to call or write to: "Anna", "the plumber", "Anna Brook". */
  person(): string {
    const kind = this.random.next();
    if (kind < 0.75) return this.name();
    if (kind < 0.88) return `the ${this.word(this.lexicon.titles)}`;
    return `${this.name()} ${this.name()}`;
  }

  thing(): string {
    return this.word(this.lexicon.things);
  }

  adjective(): string {
    return this.word(this.lexicon.adjectives);
  }

  food(): string {
    return this.word(this.lexicon.foods);
  }

  room(): string {
    return this.word(this.lexicon.rooms);
  }

  app(): string {
    return this.word(this.lexicon.apps);
  }

  town(): string {
    return this.random.chance(this.madeUp) ? madeUpTown(this.random) : this.random.pick(this.lexicon.towns);
  }

  /** "the library", "the old mill", "Maple Street". */
  place(): string {
    const kind = this.random.next();
    if (kind < 0.4) return `the ${this.word(this.lexicon.places)}`;
    if (kind < 0.55) return `the ${this.adjective()} ${this.word(this.lexicon.places)}`;
    const first = this.random.chance(this.madeUp) ? madeUpTown(this.random) : this.random.pick(this.lexicon.streets);
    const street = `${first} ${this.random.pick(["Street", "Road", "Lane", "Square", "Avenue"])}`;
    if (kind < 0.8) return street;
    return kind < 0.9 ? `${this.random.between(1, 99)} ${street}` : this.town();
  }

  /** Something for a shopping list: "oat milk", "two lemons", "a bag of rice". */
  item(): string {
    const food = this.food();
    const kind = this.random.next();
    if (kind < 0.4) return food;
    if (kind < 0.6) return `${this.adjective()} ${food}`;
    if (kind < 0.75) return `${numberWord(this.random.between(2, 12))} ${food}`;
    return `a ${this.random.pick(["bag", "box", "bottle", "pack", "jar", "kilo", "tin"])} of ${food}`;
  }

  private object(): string {
    const noun = this.random.chance(0.3) ? `${this.adjective()} ${this.thing()}` : this.thing();
    return `${this.random.pick(["the", "the", "the", "my", "a", "her", "his", "our"])} ${noun}`;
  }

  /** Something to be done, as it follows "remind me to": "water the plants", "meet Anna at the library". */
  errand(): string {
    const kind = this.random.next();
    if (kind < 0.5) return `${this.word(this.lexicon.verbs)} ${this.object()}`;
    if (kind < 0.62) return `buy ${this.item()}`;
    if (kind < 0.72) return `call ${this.person()}`;
    if (kind < 0.8) return `meet ${this.name()} at ${this.place()}`;
    if (kind < 0.88) return `give ${this.name()} ${this.object()}`;
    return `${this.word(this.lexicon.verbs)} ${this.object()} for ${this.name()}`;
  }

  /** What somebody wants said, as it follows "tell Anna that": "I'm late", "the red box is in the kitchen". */
  message(): string {
    const random = this.random;
    const who = random.pick(["I", "we", "they", "you"]);
    const single = random.pick(["he", "she", this.name()]);
    return random.pick([
      () =>
        `I'm ${random.pick(["late", "at home", "on my way", "sick", "very happy", "almost there", this.adjective()])}`,
      () => `I'm at ${this.place()}`,
      () => `I'm going to ${this.place()}`,
      () => `${this.object()} is ${this.adjective()}`,
      () => `${this.object()} is in the ${this.room()}`,
      () => `the ${this.thing()} is at ${this.place()}`,
      () => `${who} need ${this.item()}`,
      () => `${who} will ${this.errand()}`,
      () => `${who} can ${this.errand()}`,
      () => `${who} can't ${this.errand()}`,
      () => `${who} found ${this.object()}`,
      () => `${who} lost ${this.object()}`,
      () => `${who} like ${this.food()}`,
      () => `${single} is ${random.pick(["late", "here", "at home", "asleep", this.adjective()])}`,
      () => `${single} wants ${this.item()}`,
      () => `${single} will ${this.errand()}`,
      () => `${single} has ${this.object()}`,
      () => `dinner is ${random.pick(["ready", "late", "cold", `at ${this.place()}`])}`,
      () => `the party is at ${this.place()}`,
      () => `happy birthday ${this.name()}`,
      () => `thank you for ${this.object()}`,
      () => `${this.name()} and ${this.name()} are at ${this.place()}`,
    ])();
  }

  /** Name of a song: "Silver River", "Dancing Bells", "The Lamp of Anna". */
  song(): string {
    const random = this.random;
    const noun = () => capitalise(this.thing());
    const adjective = () => capitalise(this.adjective());
    return random.pick([
      () => `${adjective()} ${noun()}`,
      () => `${adjective()} ${adjective()} ${noun()}`,
      () => `The ${noun()} of ${this.name()}`,
      () => `My ${adjective()} ${noun()}`,
      () => `${noun()} and ${noun()}`,
      () => `${this.town()} ${noun()}`,
      () => `Goodbye ${this.name()}`,
      () => noun(),
    ])();
  }

  /** Words in no order at all, so that nothing but copying helps. */
  jumble(count: number): string {
    const pool = [
      ...this.lexicon.things,
      ...this.lexicon.foods,
      ...this.lexicon.verbs,
      ...this.lexicon.adjectives,
      ...this.lexicon.names,
      ...this.lexicon.places,
    ];
    return Array.from({ length: count }, () => this.word(pool)).join(" ");
  }
}
