import { type ClockTime, everyTime } from "./corpus/clock";
import type { Lexicon } from "./corpus/lexicon";

/*
 * Values of the test rows. None of these words is in the corpus or in the training rows.
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const heldOut: Lexicon = {
  names: words(`
    Priya Oskar Leonie Bruno Camille Dmitri Esther Farid Gwen Harriet Imogen Jasper Keiko Lorenzo Matilda Nigel Olivia
    Quentin Rupert Saskia Tobias Ursula Vincent Wanda Xavier Yvonne Zacharias Annabel Bertram Cordula Delphine Edgar
    Florian Gideon Hester Isidor Josephine Klaus Lydia Magnus Natasha Octavia Phoebe Roland Sylvia Timothy Valerie Wolfgang`),
  titles: words(`electrician optician accountant butcher caretaker janitor vet dressmaker`),
  things: words(`
    trampoline violin suitcase bracelet typewriter wheelbarrow telescope lantern sandals cactus vacuum ukulele tablecloth
    microscope canoe chimney dictionary sculpture necklace saxophone hammock magnet passport skateboard spectacles thermos`),
  foods: words(`
    hazelnuts zucchini couscous pretzels mango broccoli lentils marzipan cinnamon radishes pumpkin tofu apricots mayonnaise
    avocado asparagus raspberries cauliflower lavender detergent`),
  verbs: words(
    `unscrew decorate sharpen assemble inspect varnish donate rescue translate postpone vacuum iron describe`,
  ),
  adjectives: words(
    `scarlet enormous turquoise fragile antique crooked fluffy rusty magnificent velvet striped elegant`,
  ),
  places: words(
    `aquarium embassy monastery courthouse planetarium vineyard lighthouse kindergarten brewery observatory`,
  ),
  towns:
    words(`Reykjavik Marseille Edinburgh Osaka Helsinki Valencia Winnipeg Tallinn Adelaide Montevideo Kathmandu Utrecht
    Salzburg Cordoba Vancouver Jakarta`),
  streets: words(`Willow Chestnut Harvest Juniper Falcon Granite Orchard Sunset Velvet Windmill`),
  rooms: words(`attic pantry conservatory lobby basement loft veranda corridor sauna playroom`),
  apps: words(`podcast wallpaper thesaurus compass scanner recorder translator stopwatch sketchbook newsfeed`),
};

/** Every fifth time of day, spread over hours and minutes, is kept for the test rows. */
const isHeldOut = ({ hour, minute }: ClockTime) => (hour * 2 + minute / 5) % 5 === 0;
export const heldOutTimes: readonly ClockTime[] = everyTime.filter(isHeldOut);
export const trainingTimes: readonly ClockTime[] = everyTime.filter((time) => !isHeldOut(time));

/** Timer lengths kept for the test rows. */
export const heldOutMinutes: readonly number[] = [4, 7, 13, 18, 22, 26, 31, 35, 39, 42, 47, 53, 55, 58, 64, 71, 75, 86];
