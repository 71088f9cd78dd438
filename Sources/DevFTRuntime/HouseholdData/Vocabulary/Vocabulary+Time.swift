extension Vocabulary {
  /// What timers are for.
  static let labels = Vocabulary(
    common: ["pasta", "rice", "pizza", "tea"],
    own: [
      "oven", "bread", "cake", "roast", "laundry", "soup", "potatoes", "cookies", "dumplings",
      "stew", "dishwasher", "nap", "homework", "workout", "yoga", "piano practice", "egg",
      "lentils", "curry", "barbecue", "sauna", "coffee", "noodles", "dryer", "meditation",
      "chicken", "fish", "beans", "muffins", "screen time",
    ],
    unseen: [
      "sourdough", "lasagne", "hair dye", "chess game", "risotto", "face mask", "porridge",
      "sprinkler", "flan", "crossword",
    ],
    takes: (2, 4)
  )

  /// What stands in calendars.
  static let events = Vocabulary(
    common: ["dentist", "haircut", "team meeting", "birthday party"],
    own: [
      "parents evening", "football practice", "piano lesson", "book club", "car service",
      "vet visit", "eye test", "swim class", "choir rehearsal", "job interview", "house viewing",
      "blood test", "dance recital", "budget review", "garden club", "chess night", "pottery class",
      "school play", "wine tasting", "tax appointment", "gym session", "board meeting",
      "language class", "scout camp", "family lunch", "yoga course", "band practice",
      "boiler check", "physio session", "movie night", "quiz night", "science fair",
    ],
    unseen: [
      "fencing lesson", "allotment meeting", "hearing test", "harvest supper", "sailing course",
      "neighbours brunch", "knitting circle", "piano tuning", "roof inspection", "drum lesson",
    ],
    takes: (2, 5)
  )

  /// What people want to be reminded of.
  static let errands = Vocabulary(
    common: ["take out the bins", "water the plants", "feed the cat", "lock the car"],
    own: [
      "take my pills", "walk the dog", "pick up the kids", "call the bank", "pay the rent",
      "defrost the chicken", "hang up the washing", "charge the scooter", "renew the passport",
      "book the ferry", "clean the fish tank", "empty the dishwasher", "bring in the bikes",
      "return the books", "buy a stamp", "sign the school form", "top up the salt",
      "descale the pot",
      "turn the compost", "check the tyres", "wrap the present", "iron a shirt",
      "print the tickets",
      "bring the umbrella", "post the letter", "change the filter", "pack the gym bag",
      "order the flowers", "start the dishwasher", "stretch my back", "wind the clock",
      "brush the rabbit",
    ],
    unseen: [
      "oil the gate", "sharpen the knives", "cover the tomatoes", "tune the cello",
      "milk the goat", "rinse the lenses", "shake out the rugs", "label the jars",
      "fetch the eggs", "polish the boots",
    ],
    takes: (2, 5)
  )
}
