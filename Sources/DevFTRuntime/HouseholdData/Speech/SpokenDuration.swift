/// Lengths of time and the ways to say them.
enum SpokenDuration {
  /// The lengths that people ask for, in minutes.
  static let minutes = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 55, 60, 90,
    120,
  ]

  /// Says a length.
  ///
  /// - Parameters:
  ///   - minutes: From 1 to 120.
  ///   - inWords: Whether numbers are spelled and round lengths have their own words.
  /// - Returns: Such as `25 minutes`, `an hour and a half`.
  static func text(minutes: Int, inWords: Bool) -> String {
    guard inWords else { return "\(minutes) \(minutes == 1 ? "minute" : "minutes")" }
    switch minutes {
    case 1: return "one minute"
    case 30: return "half an hour"
    case 60: return "an hour"
    case 90: return "an hour and a half"
    case 120: return "two hours"
    default: return "\(NumberWords.spell(minutes)) minutes"
    }
  }
}
