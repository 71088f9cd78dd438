extension Vocabulary {
  /// Music: kinds, and invented artists and songs.
  static let music = Vocabulary(
    common: ["jazz", "rock", "piano music", "the news", "pop hits"],
    own: [
      "Paper Lanterns", "The Night Ferries", "Blue Harbour", "Salt and Cedar", "Velvet Tram",
      "Northern Kites", "Marble Choir", "Echo Garden", "Tin Roof Rain", "Slow Comet", "Amber Lane",
      "bossa nova", "baroque", "lullabies", "drum and bass", "folk songs", "film scores",
      "punk", "reggae", "gospel", "opera", "birdsong", "Copper Sundays", "The Quiet Engines",
      "Moss and Thunder", "Seven Bridges", "Glass Orchard", "Winter Arcade", "Polar Radio",
      "Hollow Pines", "swing", "country", "ambient", "soul", "flamenco", "whale sounds",
    ],
    unseen: [
      "Silver Anchors", "The Last Orchard", "Dune Parade", "Kitchen Thunder", "tango",
      "throat singing", "Ocean Clerks", "sea shanties", "Pocket Saturn", "bluegrass",
    ],
    takes: (2, 5)
  )

  /// Television: kinds, and invented programmes.
  static let shows = Vocabulary(
    common: ["the news", "the football", "cartoons"],
    own: [
      "Harbour Lights", "The Baking Duel", "Nine Islands", "Night Desk", "Planet Deep",
      "Crown Street", "The Puzzle Hour", "Garden Rescue Squad", "Ice Road Nurses", "Tiny Chefs",
      "Space Post", "The Long Case", "Forest Diaries", "Quiz Island", "Old Town Cops",
      "the tennis", "the weather channel", "Robot Rally", "Castle Hunters", "Second Serve",
      "Dragon School", "The Last Lighthouse", "Market Day", "Wild Rivers",
    ],
    unseen: [
      "Velvet Court", "The Goat Whisperer", "Moon Clinic", "the snooker", "Bridge of Salt",
      "Attic Treasures", "Desert Trains", "Pirate Kitchen",
    ],
    takes: (1, 4)
  )

  /// Places whose weather matters.
  static let places = Vocabulary(
    common: ["London", "Paris", "Berlin"],
    own: [
      "Leeds", "Porto", "Oslo", "Cork", "Lyon", "Graz", "Bergen", "Turin", "Malmo", "Ghent",
      "Izmir", "Lagos", "Quito", "Pune", "Kyoto", "Perth", "Boston", "Denver", "Halifax", "Lima",
      "Cairo", "Riga", "Zagreb", "Tunis", "Busan", "Nairobi", "Accra", "Naples",
    ],
    unseen: ["Tromso", "Kobe", "Galway", "Dakar", "Salta", "Tartu", "Bath", "Hobart"],
    takes: (1, 3)
  )
}
