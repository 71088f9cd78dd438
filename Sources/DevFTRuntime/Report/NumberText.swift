import Foundation

/// Numbers for tables and charts; what is missing or not finite is a dash.
package enum NumberText {
  static let missing = "–"

  /// A number with fixed decimals.
  package static func fixed(_ value: Double?, decimals: Int) -> String {
    guard let value, value.isPresentable else { return missing }
    let text = String(format: "%.\(decimals)f", value)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  /// A share of one as percent.
  package static func percent(_ share: Double?) -> String {
    guard let share, share.isPresentable else { return missing }
    return fixed(share * 100, decimals: 1) + " %"
  }

  /// Seconds as a length of time.
  package static func seconds(_ seconds: Double?) -> String {
    guard let seconds, seconds.isPresentable, seconds >= 0 else { return missing }
    return DurationText.text(.seconds(seconds))
  }

  /// Bytes with a unit.
  package static func bytes(_ byteCount: Int?) -> String {
    guard let byteCount, byteCount >= 0 else { return missing }
    return ByteCountText.text(byteCount)
  }

  /// A coordinate of a drawing, short and without an exponent.
  package static func coordinate(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension Double {
  /// Whether the number can be shown: finite and of a size that loss, time or bytes can have.
  var isPresentable: Bool { abs(self) < 1e15 }
}
