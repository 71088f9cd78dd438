/// The merges of a byte-pair model: which two tokens become which, and how early.
struct MergeTable: Sendable {
  /// One merge.
  struct Merge: Sendable {
    /// Place in the order of merges; lower ones happen first.
    var rank: UInt32
    /// The token that the pair becomes.
    var result: Int32
  }

  private var keys: [UInt64]
  private var merges: [Merge]
  private static let free = UInt64.max

  /// Makes an empty table.
  ///
  /// - Parameter capacity: The greatest number of merges it will hold.
  init(capacity: Int) {
    var slotCount = 16
    while slotCount < 2 * capacity { slotCount *= 2 }
    keys = Array(repeating: Self.free, count: slotCount)
    merges = Array(repeating: Merge(rank: 0, result: 0), count: slotCount)
  }

  /// Adds a merge; a pair that is there already keeps its merge.
  ///
  /// - Parameters:
  ///   - left: Token before.
  ///   - right: Token after.
  ///   - merge: What they become.
  mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
    let key = Self.key(left, right)
    let slot = slot(of: key)
    guard keys[slot] == Self.free else { return }
    keys[slot] = key
    merges[slot] = merge
  }

  /// Finds the merge of a pair.
  ///
  /// - Parameters:
  ///   - left: Token before.
  ///   - right: Token after.
  /// - Returns: The merge, or `nil` when the pair stays apart.
  func merge(_ left: Int32, _ right: Int32) -> Merge? {
    let slot = slot(of: Self.key(left, right))
    return keys[slot] == Self.free ? nil : merges[slot]
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  private func slot(of key: UInt64) -> Int {
    let mask = keys.count - 1
    let mixed = key &* 0x9e37_79b9_7f4a_7c15
    var slot = Int(truncatingIfNeeded: mixed >> 32) & mask
    while keys[slot] != key, keys[slot] != Self.free { slot = (slot + 1) & mask }
    return slot
  }
}
