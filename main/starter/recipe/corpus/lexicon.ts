/** Open-class words from which values (names, messages, things, places …) are put together. */
export interface Lexicon {
  readonly names: readonly string[];
  readonly titles: readonly string[]; // persons addressed by what they are: "the plumber"
  readonly things: readonly string[];
  readonly foods: readonly string[];
  readonly verbs: readonly string[]; // things to do with a thing: "repair"
  readonly adjectives: readonly string[];
  readonly places: readonly string[]; // common nouns: "library"
  readonly towns: readonly string[];
  readonly streets: readonly string[]; // first part: "Maple"
  readonly rooms: readonly string[];
  readonly apps: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Words of the everyday world: used by the corpus and by the training rows. */
export const everyday: Lexicon = {
  names: words(`
    Anna Ben Carla David Emma Frank Grace Henry Ida Jack Kate Leo Maria Nina Oscar Paul Rosa Sam Tina Victor Wendy Adam
    Bella Carl Diana Eric Fiona George Hanna Ivan Julia Karl Laura Max Nora Olga Peter Ruth Simon Tom Vera Will Alice Bob
    Clara Daniel Ella Felix Greta Hugo Irene John Lisa Mark Molly Nick Otto Rita Sara Theo Lily James Mia Noah Eva Lucas
    Sophie Tim Jane Luke Amy Jim Betty Arthur Mary Walter Helen Edward Rose Albert Lucy Martin Susan Robert Joan Philip
    Tara Kevin Zoe Alan Penny Ray Gina Owen Dora Finn Ines Jonas Kim Lena Marco Nadia Pablo Stella Mum Dad Grandma Grandpa
    Mohammed Yuki Chen Fatima Ali Ahmed Omar Layla Ravi Sita Hiro Mei Kofi Ama Jose Carlos Lucia Pedro Sven Ingrid Lars`),
  titles: words(`dentist doctor plumber teacher neighbour boss driver nurse cook painter gardener farmer baker landlord
    coach cleaner lawyer builder postman babysitter`),
  things: words(`
    plant door window lamp key book table chair bike car bag coat shoe hat phone letter parcel box cup plate spoon knife
    bed blanket pillow clock mirror picture radio computer printer camera ball doll kite drum guitar piano pencil pen paper
    scissors glue rope ladder hammer nail saw brush paint bucket soap towel candle match basket bottle glass jar fridge
    oven kettle pan pot sink tap shelf curtain carpet sofa desk drawer wallet ticket map coin ring watch umbrella glove
    scarf sock shirt dress jacket boot belt button needle thread flower tree garden fence gate roof wall stone boat sail
    anchor net tent backpack torch battery wheel engine tyre helmet bell flag poster magazine newspaper calendar card
    present balloon toy puzzle game dog cat rabbit hamster horse hen cow goat bird fish report form bill contract list
    plan photo video song email cake bread tools medicine laundry rubbish dishes keys glasses tickets flowers papers
    curtains windows boxes chairs shoes books cups letters lamps bags`),
  foods: words(`
    milk bread butter cheese eggs apples pears bananas lemons oranges grapes cherries plums carrots potatoes onions tomatoes
    beans peas rice pasta flour sugar salt pepper honey jam tea coffee juice water yoghurt cream chicken beef ham sausages
    salmon soup salad garlic mushrooms cabbage spinach corn nuts raisins biscuits chocolate cake crackers oil vinegar mustard
    ketchup noodles oats muffins soap tissues candles batteries napkins shampoo toothpaste strawberries melon lettuce`),
  verbs: words(`
    water buy clean fix wash paint find open close sell move check pack return collect bring feed order cut fold dry
    hide carry replace polish repair borrow measure print send sign read post wrap draw count weigh sort lock fill empty
    mend test charge copy burn cook bake taste photograph deliver install remove shake build hang rent`),
  adjectives: words(`
    red blue green yellow black white brown grey pink purple orange old new big small little long short round heavy light
    warm cold hot dry wet clean dirty soft hard loud quiet fast slow cheap broken empty full fresh sweet sour bitter strong
    weak thick thin bright dark pretty strange happy sad golden silver wooden plastic paper glass spare second last lost
    favourite secret lucky lazy wild gentle`),
  places: words(`
    library school station bakery market harbour church museum park hospital pharmacy bank hotel cinema theatre bridge
    airport stadium castle beach forest lake river farm mill office factory gym pool zoo cafe restaurant bookshop tower
    garage square playground cemetery university supermarket`),
  towns: words(`
    Larkhill Dunmore Ashford London Paris Berlin Madrid Rome Oslo Vienna Dublin Lisbon Athens Prague Warsaw Cairo Delhi Tokyo
    Boston Chicago Dallas Denver Miami Seattle Toronto Sydney Brighton Oxford Leeds Bristol Milan Lyon Hamburg Zurich Geneva
    Porto Seville Krakow Riga Bergen Malmo Ghent Bruges Lima Quito Bogota Nairobi Accra Lagos Mumbai Beijing Seoul Hanoi`),
  streets: words(`Maple Hill Mill Church Station Park River Bridge Garden School Market King Queen Oak Pine Cherry Rose
    Green North South East West Castle Lake Forest Main High Spring Elm Birch Meadow Stone Ship Baker Water`),
  rooms: words(`kitchen bathroom bedroom hall garden garage office cellar balcony nursery study porch`),
  apps: words(`camera calendar music mail maps notes photos settings clock calculator browser weather diary radio`),
};
