import Foundation

/// Amounts of bytes for people: `12.3 MB`.
public enum ByteCountText {
  /// Units and their sizes, largest first.
  static let units: [(name: String, factor: Double)] = [
    ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1),
  ]

  /// Writes an amount with three digits.
  ///
  /// - Parameter byteCount: Bytes, at least 0.
  /// - Returns: Such as `512 B`, `1.10 GB`, `12.3 MB` or `456 MB`, in decimal units.
  public static func text(_ byteCount: Int) -> String {
    let amount = Double(byteCount)
    // 999.5 kB would be written as 1000 kB: such amounts take the next unit.
    let unit = units.first { amount >= $0.factor * 0.9995 } ?? ("B", 1)
    if unit.factor == 1 { return "\(byteCount) B" }
    let value = amount / unit.factor
    let digits = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f"
    return String(format: digits, value) + " " + unit.name
  }
}
