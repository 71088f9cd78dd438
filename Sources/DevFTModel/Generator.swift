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
  /// Prompts that begin alike share the keys and values of what they share. A prompt whose answer is
  /// done makes room for the next.
  ///
  /// - Parameters:
  ///   - prompts: Token identifiers, each at least one.
  ///   - maximumTokens: Longest answer, in tokens.
  ///   - atOnce: Most prompts that are continued side by side, at least 1; all without it.
  ///   - samplings: How the tokens of each answer are chosen, one a prompt; the generator's own way for all
  ///     of them when it is empty.
  ///   - report: Called with the prompt's index and each token as it is chosen.
  ///   - isComplete: Whether an answer is done before a stop token; gets the prompt's index and the answer so
  ///     far.
  /// - Returns: The answers in the order of the prompts, stop tokens left out.
  /// - Precondition: Prompt and answer fit the decoder's longest sequence.
  public mutating func continuations(
    of prompts: [[Int32]],
    maximumTokens: Int,
    atOnce: Int = .max,
    samplings: [Sampling] = [],
    report: (_ prompt: Int, _ token: Int32) -> Void = { _, _ in },
    isComplete: (_ prompt: Int, _ answer: [Int32]) -> Bool = { _, _ in false }
  ) -> [[Int32]] {
    guard !prompts.isEmpty, maximumTokens > 0 else { return prompts.map { _ in [] } }
    let capacity = (prompts.map(\.count).max() ?? 0) + maximumTokens
    precondition(
      capacity <= decoder.ends.maximumLength,
      "\(capacity) tokens for a decoder of \(decoder.ends.maximumLength)"
    )
    precondition(
      samplings.isEmpty || samplings.count == prompts.count,
      "\(samplings.count) samplings for \(prompts.count) prompts"
    )
    var samplings = samplings
    let count = min(atOnce, prompts.count)
    var cache = decoder.makeCache(sequenceCount: count, capacity: capacity)
    let shared = share(prompts, in: &cache)
    var answers = [[Int32]](repeating: [], count: prompts.count)
    var waiting = prompts.indices.dropFirst(count)
    var open = (0..<count).map { index in
      OpenAnswer(prompt: index, sequence: index, tokens: Array(prompts[index][shared...]))
    }
    while !open.isEmpty {
      let parts = open.map { (sequence: $0.sequence, tokens: $0.tokens) }
      let logits = decoder.nextLogits(parts, adapter: adapter, cache: &cache)
      var next: [OpenAnswer] = []
      for (row, part) in open.enumerated() {
        let prompt = part.prompt
        let numbers = logits.elements[logits.range(ofRow: row)]
        let token =
          samplings.isEmpty ? sampling.choose(numbers) : samplings[prompt].choose(numbers)
        var isDone = stopTokens.contains(token)
        if !isDone {
          answers[prompt].append(token)
          report(prompt, token)
          isDone = answers[prompt].count == maximumTokens || isComplete(prompt, answers[prompt])
        }
        if !isDone {
          next.append(OpenAnswer(prompt: prompt, sequence: part.sequence, tokens: [token]))
        } else if let prompt = waiting.popFirst() {
          cache.truncate(part.sequence, to: shared)
          let tokens = Array(prompts[prompt][shared...])
          next.append(OpenAnswer(prompt: prompt, sequence: part.sequence, tokens: tokens))
        }
      }
      open = next
    }
    return answers
  }

  /// An answer under way.
  private struct OpenAnswer {
    let prompt: Int
    let sequence: Int
    /// What goes through the model next.
    let tokens: [Int32]
  }

  /// Runs what all prompts begin with, if that is worth a pass of its own; returns its length.
  private func share(_ prompts: [[Int32]], in cache: inout KeyValueCache) -> Int {
    let prefix = prompts.sharedPrefix
    guard prefix.count >= Self.leastSharedTokens else { return 0 }
    _ = decoder.nextLogits([(0, Array(prefix))], adapter: adapter, cache: &cache)
    cache.shareFirst()
    return prefix.count
  }

  private static let leastSharedTokens = 32
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
