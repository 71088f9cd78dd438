extension Vocabulary {
  /// What is bought.
  static let items = Vocabulary(
    common: ["milk", "bread", "eggs", "coffee", "apples", "butter"],
    own: [
      "oat milk", "rye flour", "basil", "chickpeas", "soy sauce", "washing powder", "cat food",
      "olive oil", "red onions", "tofu", "bananas", "ginger", "batteries", "baking paper",
      "coconut milk", "dish soap", "peanut butter", "lemons", "frozen peas", "green tea", "rice",
      "mustard", "nappies", "toothpaste", "black beans", "honey", "yoghurt", "tomato paste",
      "spinach", "light bulbs", "cheddar", "maple syrup", "cumin", "sea salt", "carrots", "salmon",
      "bin bags", "corn flakes", "sparkling water", "mushrooms", "brown sugar", "paprika",
      "dog treats", "walnuts", "garlic", "limes", "pasta", "kitchen roll",
    ],
    unseen: [
      "goat cheese", "rose water", "buckwheat", "bird seed", "candle wicks", "fennel",
      "rhubarb", "lamp oil", "capers", "dried figs", "horseradish", "plum jam", "sour cherries",
      "vinegar",
    ],
    takes: (3, 6)
  )

  /// What notes say.
  static let facts = Vocabulary(
    common: ["the spare key is next door", "the car is due for a wash", "the bins go out early"],
    own: [
      "the wifi box is in the cupboard", "the paint is called sea mist", "the vet closes at noon",
      "the blue tin holds screws", "the fuse for the oven is number six", "the cat likes tuna",
      "the tent is under the stairs", "the meter reads four hundred", "the drill is at the club",
      "the piano was tuned in spring", "the green bin is for paper", "the pool opens in may",
      "the sofa arrives next week", "the ladder belongs to the school", "the rent goes up in june",
      "the filter size is twenty", "the good scissors are upstairs", "the plant needs less water",
      "the printer wants black ink", "the shoe size is thirty eight", "the plumber prefers cash",
      "the back tyre is slow", "the recipe needs more salt", "the bike lock is new",
      "the dog hates fireworks", "the left tap drips", "the choir robe is in the wash",
      "the old phone is in the drawer", "the heater makes a noise", "the alarm code has changed",
    ],
    unseen: [
      "the well is dry", "the hens lay at noon", "the saddle is at the tailor",
      "the boat needs new rope", "the attic hatch sticks", "the cider is ready in autumn",
      "the quilt is on loan", "the north window leaks",
    ],
    takes: (1, 5)
  )
}
