import Synchronization

/// The tokens of short words seen before; shared by the threads that use one tokenizer.
///
/// Words repeat so often that a look-up saves most merging. The cache stops growing when full.
final class WordCache: Sendable {
  private static let greatestWordLength = 24
  private static let capacity = 32_768
  private let tokens = Mutex<[ArraySlice<UInt8>: [Int]]>([:])

  /// Appends the tokens of a word.
  ///
  /// - Parameters:
  ///   - word: UTF-8 of the word.
  ///   - ids: Where the tokens go.
  ///   - encode: Encodes the word when it is not known.
  func append(
    _ word: ArraySlice<UInt8>,
    to ids: inout [Int],
    _ encode: (inout [Int]) -> Void
  ) {
    guard word.count <= Self.greatestWordLength else { return encode(&ids) }
    if let known = tokens.withLock({ $0[word] }) {
      ids += known
      return
    }
    var fresh: [Int] = []
    encode(&fresh)
    ids += fresh
    tokens.withLock { if $0.count < Self.capacity { $0[ArraySlice(Array(word))] = fresh } }
  }
}
