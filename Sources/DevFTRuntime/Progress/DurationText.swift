import Foundation

/// Lengths of time for people: `3 min 20 s`.
public enum DurationText {
  /// Writes a length of time.
  ///
  /// - Parameter duration: At least zero.
  /// - Returns: Such as `0.84 s`, `12.5 s`, `3 min 20 s` or `2 h 05 min`.
  public static func text(_ duration: Duration) -> String {
    let seconds =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    if seconds < 9.995 { return String(format: "%.2f s", seconds) }
    if seconds < 59.95 { return String(format: "%.1f s", seconds) }
    let whole = (seconds + 0.5).rounded(.down)
    let minutes = (whole / 60).rounded(.down)
    if minutes < 60 { return String(format: "%.0f min %02.0f s", minutes, whole - minutes * 60) }
    let hours = (minutes / 60).rounded(.down)
    return String(format: "%.0f h %02.0f min", hours, minutes - hours * 60)
  }
}
