import DevFTFormats
import DevFTTensor

/// Writes continuations of prompts, several at once, with cached keys and values.
///
/// ```swift
/// var generator = Generator(decoder: decoder, adapter: operands, stopTokens: [2])
/// let answers = generator.continuations(of: [prompt], maximumTokens: 32)
/// ```
public struct Generator {
  private let decoder: Decoder
  private let adapter: AdapterOperands
  private let stopTokens: Set<Int32>
  private var sampling: Sampling

  /// Prepares generation.
  ///
  /// - Parameters:
  ///   - decoder: The model.
  ///   - adapter: The adapter.
  ///   - stopTokens: Tokens that end an answer; they are not part of it.
  ///   - sampling: How the next token is chosen; greedily by default.
  public init(
    decoder: Decoder,
    adapter: AdapterOperands,
    stopTokens: Set<Int32>,
    sampling: Sampling = .greedy
  ) {
    self.decoder = decoder
    self.adapter = adapter.preparedForReuse()
    self.stopTokens = stopTokens
    self.sampling = sampling
  }

  /// Continues prompts until a stop token comes or the room is used up.
  ///
  /// - Parameters:
  ///   - prompts: Token identifiers, each at least one.
  ///   - maximumTokens: Longest answer, in tokens.
  ///   - report: Called with the prompt's index and each token as it is chosen.
  /// - Returns: The answers in the order of the prompts, stop tokens left out.
  /// - Precondition: Prompt and answer fit the decoder's longest sequence.
  public mutating func continuations(
    of prompts: [[Int32]],
    maximumTokens: Int,
    report: (_ prompt: Int, _ token: Int32) -> Void = { _, _ in }
  ) -> [[Int32]] {
    guard !prompts.isEmpty, maximumTokens > 0 else { return prompts.map { _ in [] } }
    let capacity = (prompts.map(\.count).max() ?? 0) + maximumTokens
    precondition(
      capacity <= decoder.ends.maximumLength,
      "\(capacity) tokens for a decoder of \(decoder.ends.maximumLength)"
    )
    var cache = decoder.makeCache(sequenceCount: prompts.count, capacity: capacity)
    var answers = [[Int32]](repeating: [], count: prompts.count)
    var open = prompts.enumerated().map { (sequence: $0.offset, tokens: $0.element) }
    while !open.isEmpty {
      let logits = decoder.nextLogits(open, adapter: adapter, cache: &cache)
      var next: [(sequence: Int, tokens: [Int32])] = []
      for (row, part) in open.enumerated() {
        let token = sampling.choose(logits.elements[logits.range(ofRow: row)])
        if stopTokens.contains(token) { continue }
        answers[part.sequence].append(token)
        report(part.sequence, token)
        if answers[part.sequence].count < maximumTokens { next.append((part.sequence, [token])) }
      }
      open = next
    }
    return answers
  }
}

extension Decoder {
  /// An empty cache that fits this decoder.
  func makeCache(sequenceCount: Int, capacity: Int) -> KeyValueCache {
    let architecture = ends.architecture
    return KeyValueCache(
      sequenceCount: sequenceCount,
      capacity: capacity,
      layerCount: layers.count,
      width: architecture.keyValueHeadCount * architecture.headWidth
    )
  }

  /// Runs new tokens of some sequences and returns the logits after the last token of each.
  ///
  /// - Parameters:
  ///   - parts: New tokens by sequence.
  ///   - adapter: The adapter.
  ///   - cache: What the sequences have seen; grows by the new tokens.
  /// - Returns: `[parts.count, V]`.
  func nextLogits(
    _ parts: [(sequence: Int, tokens: [Int32])],
    adapter: AdapterOperands,
    cache: inout KeyValueCache
  ) -> Tensor {
    var places: [(sequence: Int, rows: Range<Int>)] = []
    var (tokens, positions): ([Int32], [Int32]) = ([], [])
    for part in parts {
      let past = Int32(cache.lengths[part.sequence])
      places.append((part.sequence, tokens.count..<tokens.count + part.tokens.count))
      tokens += part.tokens
      positions += past..<past + Int32(part.tokens.count)
    }
    let segments = places.map { place in
      let first = place.sequence * cache.capacity
      let length = cache.lengths[place.sequence] + place.rows.count
      return AttentionSegment(queries: place.rows, keys: first..<first + length)
    }
    var stream = ends.embed(tokens)
    for index in layers.indices {
      layers[index].forward(
        &stream,
        adapter: adapter[index],
        rotate: {
          ends.rotary.rotate(&$0, columns: ends.attention.rotatedColumns, positions: positions)
        },
        attend: { heads in
          cache.store(layer: index, heads, of: ends.attention, parts: places) { keys, values in
            ends.attention.forward(heads, keys: keys, values: values, segments: segments)
          }
        }
      )
    }
    cache.advance(places)
    return ends.logits(stream.gatheredRows(places.map { $0.rows.upperBound - 1 }))
  }
}
