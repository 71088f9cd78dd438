/// A reproducible source of random numbers for one named purpose.
///
/// Every draw of a run comes from a stream derived from (seed, purpose, round, client), so that no
/// draw depends on the order in which others happen. The generator is xoshiro256**, its state filled
/// by SplitMix64 from an FNV-1a hash of the four parts; both are fixed for ever, since results
/// must not change between versions of the standard library.
///
/// ```swift
/// var stream = RandomStream(seed: 7, purpose: "cohort", round: 3)
/// let order = stream.permutation(of: 20)
/// ```
/// - SeeAlso: Blackman and Vigna, 2018, <https://arxiv.org/abs/1805.01407>.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Derives the stream of a purpose.
  ///
  /// - Parameters:
  ///   - seed: Seed of the run.
  ///   - purpose: What the draws are for, such as `cohort` or `batches`.
  ///   - round: Round from 1, or 0 where rounds play no part.
  ///   - client: Client from 0, or -1 where clients play no part.
  public init(seed: UInt64, purpose: String, round: Int = 0, client: Int = -1) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func absorb(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    func absorb(_ word: UInt64) {
      for byte in 0..<8 { absorb(UInt8(truncatingIfNeeded: word >> (8 * UInt64(byte)))) }
    }
    absorb(seed)
    for byte in purpose.utf8 { absorb(byte) }
    absorb(UInt8(0xff))
    absorb(UInt64(bitPattern: Int64(round)))
    absorb(UInt64(bitPattern: Int64(client)))
    func splitMix() -> UInt64 {
      hash &+= 0x9e37_79b9_7f4a_7c15
      var mixed = hash
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
    state = (splitMix(), splitMix(), splitMix(), splitMix())
  }

  /// The next 64 random bits.
  ///
  /// - Returns: A word; all values are equally likely.
  public mutating func next() -> UInt64 {
    func rotate(_ word: UInt64, _ by: UInt64) -> UInt64 { (word << by) | (word >> (64 - by)) }
    let result = rotate(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, 45)
    return result
  }

  /// A number in `[0, 1)`, with 53 random bits.
  ///
  /// - Returns: The number.
  public mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// An integer in `0 ..< bound`.
  ///
  /// - Parameter bound: At least 1.
  /// - Returns: The integer; all are equally likely.
  public mutating func nextIndex(below bound: Int) -> Int {
    precondition(bound >= 1, "bound \(bound) must be at least 1")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A permutation of `0 ..< count` (Fisher and Yates).
  ///
  /// - Parameter count: At least 0.
  /// - Returns: The indices in random order.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, nextIndex(below: last + 1))
    }
    return order
  }
}
