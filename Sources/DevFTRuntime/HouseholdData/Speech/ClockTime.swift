/// A time of day and the ways to say it.
struct ClockTime {
  /// How a household says times.
  enum Style: CaseIterable {
    /// `18:30`
    case digital
    /// `6:30 pm`
    case meridiem
    /// `half past six in the evening`
    case spoken
  }

  /// Hour, from 1 to 23.
  var hour: Int
  /// Minute, from 0 to 59; a multiple of 15 when spoken.
  var minute: Int

  /// The time as the action states it: `18:30`.
  var normalised: String { "\(hour < 10 ? "0" : "")\(hour):\(Self.twoDigits(minute))" }

  /// The time as somebody says it.
  func text(_ style: Style) -> String {
    switch style {
    case .digital: normalised
    case .meridiem:
      "\(hourOfTwelve(hour))\(minute == 0 ? "" : ":" + Self.twoDigits(minute)) "
        + (hour < 12 ? "am" : "pm")
    case .spoken: "\(spokenHour) in the \(partOfDay)"
    }
  }

  private var spokenHour: String {
    let current = NumberWords.spell(hourOfTwelve(hour))
    switch minute {
    case 0: return current
    case 15: return "quarter past \(current)"
    case 30: return "half past \(current)"
    case 45: return "quarter to \(NumberWords.spell(hourOfTwelve(hour + 1)))"
    default: preconditionFailure("minute \(minute) has no spoken form")
    }
  }

  private var partOfDay: String { hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening" }

  private func hourOfTwelve(_ hour: Int) -> Int { (hour + 11) % 12 + 1 }

  private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
}
