/// The spellings of all tokens, found by identifier and by bytes.
///
/// Spellings are compared as bytes: Swift's `String` takes canonically equivalent spellings for one.
struct Vocabulary: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  /// Open addressing over identifiers; -1 marks a free slot.
  private var slots: [Int32]

  /// Indexes spellings.
  ///
  /// - Parameter spellings: One for each identifier from 0; an empty one marks an identifier that
  ///   no token has. Of equal spellings the first is found.
  init(_ spellings: [String]) {
    slots = []
    starts.reserveCapacity(spellings.count + 1)
    for spelling in spellings {
      bytes += spelling.utf8
      starts.append(bytes.count)
    }
    var slotCount = 16
    while slotCount < 2 * spellings.count { slotCount *= 2 }
    slots = Array(repeating: -1, count: slotCount)
    for id in spellings.indices where !self[id].isEmpty { insert(id) }
  }

  /// Number of identifiers.
  var count: Int { starts.count - 1 }

  /// The spelling of a token, UTF-8.
  ///
  /// - Parameter id: In `0 ..< count`.
  subscript(id: Int) -> ArraySlice<UInt8> { bytes[starts[id]..<starts[id + 1]] }

  /// Finds a token by its spelling.
  ///
  /// - Parameter spelling: UTF-8.
  /// - Returns: The identifier, or `nil`.
  func id(of spelling: ArraySlice<UInt8>) -> Int? {
    let id = slots[slot(of: spelling)]
    return id < 0 ? nil : Int(id)
  }

  private mutating func insert(_ id: Int) {
    let slot = slot(of: self[id])
    if slots[slot] < 0 { slots[slot] = Int32(id) }
  }

  /// The slot that holds the spelling, or the free one where it would stand.
  private func slot(of spelling: ArraySlice<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in spelling { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & (slots.count - 1)
    while slots[slot] >= 0, !isEqual(Int(slots[slot]), spelling) {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func isEqual(_ id: Int, _ spelling: ArraySlice<UInt8>) -> Bool {
    let start = starts[id]
    guard starts[id + 1] - start == spelling.count else { return false }
    let offset = start - spelling.startIndex
    for index in spelling.indices where bytes[index + offset] != spelling[index] { return false }
    return true
  }
}
