import DevFTTensor

/// Log-likelihoods of continuations, with what contexts share computed once.
///
/// Questions that are asked together share the tokens that all their contexts begin with (a few-shot
/// prefix), whose keys and values are cached; the continuations of a question share its context. Scores are those
/// of each sequence by itself, up to rounding.
///
/// ```swift
/// let scorer = ContinuationScorer(decoder: decoder, adapter: operands)
/// let scores = scorer.scores(of: questions)  // nats, one array a question
/// ```
public struct ContinuationScorer: Sendable {
  private let decoder: Decoder
  private let adapter: AdapterOperands
  /// Rows of a pass.
  private let batchRows: Int

  /// Bytes of one layer's keys and values that lanes may take.
  private static let laneBytes = 256 << 20
  /// Rows whose logits are held at once.
  private static let logitRows = 128

  /// Prepares scoring.
  ///
  /// - Parameters:
  ///   - decoder: The model.
  ///   - adapter: The adapter.
  ///   - batchRows: Tokens of a pass, at least 1; a longer question has a pass of its own.
  public init(decoder: Decoder, adapter: AdapterOperands, batchRows: Int = 1024) {
    precondition(batchRows >= 1, "passes of \(batchRows) tokens")
    self.decoder = decoder
    self.adapter = adapter.preparedForReuse()
    self.batchRows = batchRows
  }

  /// Scores questions.
  ///
  /// - Parameters:
  ///   - questions: The questions.
  ///   - report: Called with the number of questions that each pass has done.
  /// - Returns: For each question and continuation `Σ log p(token | all tokens before it)`, in nats.
  /// - Precondition: No sequence is longer than the decoder's longest.
  public func scores(
    of questions: [ScoringQuestion],
    report: (Int) -> Void = { _ in }
  ) -> [[Double]] {
    for question in questions {
      precondition(
        question.length <= decoder.ends.maximumLength,
        "\(question.length) tokens for a decoder of \(decoder.ends.maximumLength)"
      )
    }
    var scores = questions.map { [Double](repeating: 0, count: $0.continuations.count) }
    let prefix = questions.map(\.context).sharedPrefix
    let cache = cached(prefix)
    for range in passes(over: questions, prefixLength: prefix.count) {
      var batch = ScoringBatch(prefixLength: prefix.count)
      for index in range { batch.append(questions[index], index: index) }
      batch.pad()
      add(batch, cache: cache, to: &scores)
      report(range.count)
    }
    return scores
  }

  private func cached(_ prefix: ArraySlice<Int32>) -> KeyValueCache {
    var cache = decoder.makeCache(sequenceCount: 1, capacity: prefix.count)
    if !prefix.isEmpty {
      _ = decoder.nextLogits([(0, Array(prefix))], adapter: adapter, cache: &cache)
    }
    return cache
  }

  /// Neighbouring questions that go through the model together.
  private func passes(over questions: [ScoringQuestion], prefixLength: Int) -> [Range<Int>] {
    let width = decoder.ends.attention.keyColumns.count
    let greatestKeys = Self.laneBytes / (2 * MemoryLayout<Float>.size * width)
    var (passes, start, rows, keys): ([Range<Int>], Int, Int, Int) = ([], 0, 0, 0)
    for (index, question) in questions.enumerated() {
      let own = question.tokenCount - prefixLength
      let ownKeys = question.continuations.reduce(0) { $0 + question.context.count + $1.count }
      if index > start, rows + own > batchRows || keys + ownKeys > greatestKeys {
        passes.append(start..<index)
        (start, rows, keys) = (index, 0, 0)
      }
      rows += own
      keys += ownKeys
    }
    return start < questions.count ? passes + [start..<questions.count] : passes
  }

  /// Runs a batch and adds what it gives to the scores.
  private func add(_ batch: ScoringBatch, cache: KeyValueCache, to scores: inout [[Double]]) {
    let stream = decoder.stream(of: batch, adapter: adapter, cache: cache)
    let targets = batch.targets.sorted { $0.row < $1.row }
    let rows = targets.map(\.row).reduce(into: [Int]()) { if $0.last != $1 { $0.append($1) } }
    var next = 0
    for start in stride(from: 0, to: rows.count, by: Self.logitRows) {
      let block = rows[start..<min(rows.count, start + Self.logitRows)]
      let end = targets[next...].firstIndex { $0.row > block[block.endIndex - 1] } ?? targets.count
      add(targets[next..<end], stream: stream, to: &scores)
      next = end
    }
  }

  /// Adds the numbers of some targets, which stand by ascending row.
  private func add(
    _ targets: ArraySlice<ScoringBatch.Target>,
    stream: Tensor,
    to scores: inout [[Double]]
  ) {
    var (rows, firsts): ([Int], [Int32]) = ([], [])
    for target in targets where rows.last != target.row {
      rows.append(target.row)
      firsts.append(target.token)
    }
    var logits = decoder.ends.logits(stream.gatheredRows(rows))
    let losses = logits.crossEntropy(targets: firsts, gradientScale: 0)
    var place = -1
    for target in targets {
      if place < 0 || rows[place] != target.row { place += 1 }
      let start = place * logits.columnCount
      // The loss is known for the row's first token: log p of another differs by that of the logits.
      let other = logits.elements[start + Int(target.token)]
      let first = logits.elements[start + Int(firsts[place])]
      scores[target.question][target.continuation] += Double(other) - Double(first) - losses[place]
    }
  }
}

extension Decoder {
  /// The residual stream after the last layer, `[N, D]`.
  fileprivate func stream(
    of batch: ScoringBatch,
    adapter: AdapterOperands,
    cache: KeyValueCache
  ) -> Tensor {
    let prefix = RowPlacement(0..<batch.prefixLength, to: batch.laneStarts)
    let attention = ends.attention
    func lanes(_ cached: Tensor, _ heads: Tensor, _ columns: Range<Int>) -> Tensor {
      var lanes = Tensor(uninitialisedShape: [batch.keyRowCount, columns.count])
      lanes.place(cached, columns: 0..<columns.count, [prefix])
      lanes.place(heads, columns: columns, batch.placements)
      return lanes
    }
    var stream = ends.embed(batch.tokens)
    for index in layers.indices {
      layers[index].forward(
        &stream,
        adapter: adapter[index],
        rotate: {
          ends.rotary.rotate(&$0, columns: attention.rotatedColumns, positions: batch.positions)
        },
        attend: { heads in
          attention.forward(
            heads,
            keys: lanes(cache.keys(ofLayer: index), heads, attention.keyColumns),
            values: lanes(cache.values(ofLayer: index), heads, attention.valueColumns),
            segments: batch.segments
          )
        }
      )
    }
    return stream
  }
}
