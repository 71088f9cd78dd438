/// A kind of word or number that a request names and its action repeats.
enum Slot: String, CaseIterable {
  // Words, which every household has of its own.
  case room, door, label, person, message, event, errand, fact, item, music, show, place
  // Numbers and times, which every household says in its own way.
  case percent, degrees, duration, clock, day

  /// Whether the slot holds a sentence, after which nothing polite can follow unmistaken.
  var isFreeText: Bool { self == .message || self == .errand || self == .fact }
}
