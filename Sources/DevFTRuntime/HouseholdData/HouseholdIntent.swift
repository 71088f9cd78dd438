/// One thing that the assistant can do, and the ways people ask for it.
struct HouseholdIntent {
  /// Name of the action: family, dot, verb.
  var name: String
  /// Arguments of the action, in the order of the answer; phrases name them in braces.
  var arguments: [(key: String, slot: Slot)] = []
  /// Imperatives without capital or full stop: `turn on the lights in the {room}`.
  var commands: [String]
  /// Whole sentences that ask indirectly: `it's too dark in the {room}`.
  var remarks: [String] = []

  /// Commands, then remarks.
  var phrases: [String] { commands + remarks }

  /// Every intent, by theme.
  static let all = home + climate + time + people + lists + media
}
