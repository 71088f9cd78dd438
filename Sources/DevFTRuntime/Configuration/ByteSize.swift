/// An amount of memory, written with a unit: `2GB`, `512MiB`.
public struct ByteSize: Hashable, Sendable {
  /// The amount in bytes.
  public var byteCount: Int

  /// Wraps an amount.
  ///
  /// - Parameter byteCount: Bytes, at least 0.
  public init(byteCount: Int) { self.byteCount = byteCount }

  private static let units: [(name: String, factor: Int)] = [
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000),
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
  ]

  /// Reads a number and a unit.
  ///
  /// - Parameter text: Such as `2GB`, `1.5 GiB` or `4096B`; a unit in any case.
  public init?(_ text: String) {
    let number = text.prefix { $0.isNumber || $0 == "." }
    let unitName = text.dropFirst(number.count).trimmingPrefix(" ").lowercased()
    guard let amount = Double(number), amount.isFinite,
      let unit = Self.units.first(where: { $0.name.lowercased() == unitName })
    else { return nil }
    guard let byteCount = Int(exactly: (amount * Double(unit.factor)).rounded()) else { return nil }
    self.byteCount = byteCount
  }
}

extension ByteSize: ConfigurationValue, Comparable, CustomStringConvertible {
  static var noun: String { "an amount with a unit, such as 2GB or 512MiB," }

  static func read(_ node: ConfigurationNode) -> ByteSize? {
    guard case .scalar(let text, _) = node.content else { return nil }
    return ByteSize(text)
  }

  var node: ConfigurationNode {
    ConfigurationNode(content: .scalar(text: description, isQuoted: false))
  }

  /// The amount in the largest unit that gives a whole number.
  public var description: String {
    let unit = Self.units.first { byteCount > 0 && byteCount % $0.factor == 0 }
    return "\(byteCount / (unit?.factor ?? 1))\(unit?.name ?? "B")"
  }

  /// Compares two amounts.
  ///
  /// - Parameters:
  ///   - first: One amount.
  ///   - second: The other.
  /// - Returns: Whether the first is smaller.
  public static func < (first: ByteSize, second: ByteSize) -> Bool {
    first.byteCount < second.byteCount
  }
}
