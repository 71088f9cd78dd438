/// The words that fill one slot.
struct Vocabulary {
  /// Words that any household may use.
  var common: [String]
  /// Words from which each training household takes its own.
  var own: [String]
  /// Words that only held-out households use.
  var unseen: [String]
  /// How many common and own words a household takes.
  var takes: (common: Int, own: Int)

  /// The words of a slot; `nil` for numbers and times.
  static func words(for slot: Slot) -> Vocabulary? {
    switch slot {
    case .room: rooms
    case .door: doors
    case .label: labels
    case .person: people
    case .message: messages
    case .event: events
    case .errand: errands
    case .fact: facts
    case .item: items
    case .music: music
    case .show: shows
    case .place: places
    case .percent, .degrees, .duration, .clock, .day: nil
    }
  }
}
