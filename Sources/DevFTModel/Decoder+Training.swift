public import DevFTTensor

/// The sum of a batch's losses.
public struct BatchLoss: Equatable, Sendable {
  /// Sum of the cross-entropies of all targets, in nats.
  public var sum: Double
  /// Number of targets.
  public var targetCount: Int
  /// Number of targets that came out as the likeliest; `nil` where that is not counted.
  public var correctCount: Int?

  /// Describes a loss.
  ///
  /// - Parameters:
  ///   - sum: Sum of the cross-entropies of all targets, in nats.
  ///   - targetCount: Number of targets.
  ///   - correctCount: Number of those that came out as the likeliest; `nil` by default: not counted.
  public init(sum: Double, targetCount: Int, correctCount: Int? = nil) {
    self.sum = sum
    self.targetCount = targetCount
    self.correctCount = correctCount
  }

  /// Mean cross-entropy of a target, in nats; 0 without targets.
  public var mean: Double { targetCount == 0 ? 0 : sum / Double(targetCount) }
}

extension Decoder {
  /// Loss of a batch.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences.
  ///   - adapter: The adapter.
  /// - Returns: Sum of the losses and number of targets.
  public func loss(of batch: TokenBatch, adapter: AdapterOperands) -> BatchLoss {
    let context = ends.context(of: batch)
    let rows = targetRows(of: batch) { index, stream in
      run(layer: index, &stream, context: context, adapter: adapter)
    }
    let head = ends.loss(rows: rows, targets: batch.targetTokens, gradientScale: 0)
    return BatchLoss(sum: head.sum, targetCount: batch.targetCount)
  }

  /// Loss of a batch, and the gradient of its mean with respect to the adapter.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences with at least one target.
  ///   - adapter: The adapter.
  ///   - recomputation: What the forward pass does not keep; nothing is left out by default.
  /// - Returns: The loss, the gradient of `loss.mean` for each layer under the adapter's names, and
  ///   the gradient of the tokens' embeddings, `[tokenCount, D]`.
  public func lossAndGradient(
    of batch: TokenBatch,
    adapter: AdapterOperands,
    recomputation: Recomputation = .never
  ) -> (loss: BatchLoss, adapterGradient: [NamedTensors], embeddingGradient: Tensor) {
    precondition(batch.targetCount > 0, "a gradient of no targets")
    let context = ends.context(of: batch)
    var tapes: [LayerTape] = []
    let targetRows = targetRows(of: batch) { index, stream in
      tapes.append(
        layers[index].forward(
          &stream,
          adapter: adapter[index],
          context: context,
          recomputation: recomputation
        )
      )
    }
    let head = ends.loss(
      rows: targetRows,
      targets: batch.targetTokens,
      gradientScale: 1 / Float(batch.targetCount),
      recomputation: recomputation
    )
    var gradient = head.gradient.scatteredRows(to: batch.targetRows, rowCount: batch.rowCount)
    var gradients = [NamedTensors](repeating: NamedTensors(), count: layers.count)
    for index in layers.indices.reversed() {
      // Each tape is released as soon as its layer is done.
      let tape = tapes.removeLast()
      gradients[index] = layers[index].backward(
        &gradient,
        tape: tape,
        adapter: adapter[index],
        context: context
      )
    }
    let loss = BatchLoss(sum: head.sum, targetCount: batch.targetCount)
    return (loss, gradients, gradient.gatheredRows(Array(0..<batch.tokenCount)))
  }

  /// Residual stream after the embedding and after each layer, for tests against other programs.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences.
  ///   - adapter: The adapter.
  /// - Returns: `L + 1` tensors `[tokenCount, D]`, and the logits, `[tokenCount, V]`.
  package func hiddenStates(of batch: TokenBatch, adapter: AdapterOperands) -> (
    states: [Tensor], logits: Tensor
  ) {
    let context = ends.context(of: batch)
    var stream = ends.embed(batch.tokens)
    var states = [stream]
    for index in layers.indices {
      run(layer: index, &stream, context: context, adapter: adapter)
      states.append(stream)
    }
    let places = Array(0..<batch.tokenCount)
    return (
      states.map { $0.gatheredRows(places) }, ends.logits(states[layers.count].gatheredRows(places))
    )
  }

  private func run(
    layer index: Int,
    _ stream: inout Tensor,
    context: AttentionContext,
    adapter: AdapterOperands
  ) {
    layers[index].forward(
      &stream,
      adapter: adapter[index],
      rotate: context.rotate,
      attend: context.attend
    )
  }

  /// Runs all layers and returns the residual stream of the rows that have targets, `[n, D]`.
  private func targetRows(
    of batch: TokenBatch,
    _ runLayer: (_ index: Int, _ stream: inout Tensor) -> Void
  ) -> Tensor {
    var stream = ends.embed(batch.tokens)
    for index in layers.indices { runLayer(index, &stream) }
    return stream.gatheredRows(batch.targetRows)
  }
}
