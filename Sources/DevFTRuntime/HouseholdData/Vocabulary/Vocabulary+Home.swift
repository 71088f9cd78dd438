extension Vocabulary {
  /// Rooms.
  static let rooms = Vocabulary(
    common: [
      "kitchen", "living room", "bedroom", "bathroom", "hallway", "office", "garage",
      "dining room",
    ],
    own: [
      "den", "snug", "nursery", "attic", "studio", "workshop", "conservatory", "loft", "library",
      "playroom", "pantry", "utility room", "music room", "guest room", "sun room", "mud room",
      "porch", "craft room", "reading nook", "box room", "boot room", "lounge", "parlour",
      "front room", "family room", "spare room", "study", "basement", "cellar", "gym", "laundry",
      "landing", "big room", "green room", "baby room", "back room",
    ],
    unseen: [
      "drawing room", "veranda", "scullery", "games room", "tea room", "orangery", "hobby room",
      "annex", "home cinema", "potting shed", "cloakroom", "tower room",
    ],
    takes: (3, 3)
  )

  /// Doors and gates.
  static let doors = Vocabulary(
    common: ["front door", "back door", "garage door"],
    own: [
      "side gate", "garden gate", "shed door", "cellar door", "balcony door", "patio door",
      "kitchen door", "street door", "cat flap", "loft hatch", "main gate", "yard door",
      "porch door", "bike room", "basement door", "terrace door",
    ],
    unseen: ["barn door", "greenhouse", "wine cellar", "stable gate", "boathouse", "tool store"],
    takes: (2, 2)
  )
}
