extension Vocabulary {
  /// People to call or write to.
  static let people = Vocabulary(
    common: ["Mum", "Dad", "Grandma", "Grandpa"],
    own: [
      "Maya", "Jonas", "Priya", "Tomas", "Aisha", "Felix", "Ingrid", "Kofi", "Lena", "Mateo",
      "Nadia", "Oscar", "Petra", "Quinn", "Rosa", "Samir", "Tessa", "Umar", "Vera", "Wendy",
      "Xavier", "Yuki", "Zara", "Anton", "Bianca", "Carlos", "Daria", "Elias", "Freya", "George",
      "Hana", "Ivan", "Judith", "Karim", "Lucia", "Marcus", "Noor", "Olga", "Pablo", "Ruth",
      "Stefan", "Tilda", "Victor", "Willa", "Aunt Jo", "Uncle Ray", "Doctor Shah", "Mister Lee",
    ],
    unseen: [
      "Saskia", "Bertil", "Chioma", "Dmitri", "Eun-ji", "Fiona", "Giulia", "Hamza", "Imogen",
      "Jaroslav", "Kiri", "Leopold", "Marisol", "Nils", "Aunt Bea", "Doctor Okoye",
    ],
    takes: (2, 5)
  )

  /// What messages say.
  static let messages = Vocabulary(
    common: [
      "I'm running late", "dinner is ready", "I'm on my way", "we got home safely",
      "I'll call back later",
    ],
    own: [
      "the parcel has arrived", "the meeting is cancelled", "I missed the train",
      "the keys are on the table", "the dog is fed", "practice starts an hour later",
      "we need one more chair", "the car is fixed", "I forgot my lunch", "the soup is too salty",
      "the plumber is here", "I'll bring the cake", "we won the match", "my phone is nearly dead",
      "the baby is asleep", "I'm stuck in traffic", "the tickets are booked", "I found the scarf",
      "the power is back", "we leave at dawn", "the exam went well", "I'm at the library",
      "school is closed", "the cat is hiding again", "I'll be home soon", "the oven is free now",
      "the bus broke down", "we are out of petrol", "the shop was shut", "I paid the rent",
      "the guests are early", "it is snowing here", "the bike has a flat", "I'll cook tonight",
      "the film was great", "my flight is delayed",
    ],
    unseen: [
      "the boiler is dripping", "I left the ladder outside", "the choir meets next door",
      "the goat escaped", "your coat is at my place", "the ferry is full",
      "the jam has set nicely", "we painted the fence", "I lost my left glove",
      "the new lamp works", "the hens are indoors", "I'll take the night shift",
    ],
    takes: (2, 5)
  )
}
