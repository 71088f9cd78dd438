public import DevFTTensor

/// The sum of a batch's losses.
public struct BatchLoss: Equatable, Sendable {
  /// Sum of the cross-entropies of all targets, in nats.
  public var sum: Double
  /// Number of targets.
  public var targetCount: Int

  /// Describes a loss.
  ///
  /// - Parameters:
  ///   - sum: Sum of the cross-entropies of all targets, in nats.
  ///   - targetCount: Number of targets.
  public init(sum: Double, targetCount: Int) {
    self.sum = sum
    self.targetCount = targetCount
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
    var stream = ends.embed(batch.tokens)
    for index in layers.indices {
      stream = run(layer: index, stream, batch: batch, adapter: adapter).output
    }
    let head = ends.loss(
      rows: stream.gatheredRows(batch.targetRows),
      targets: batch.targetTokens,
      gradientScale: 0
    )
    return BatchLoss(sum: head.sum, targetCount: batch.targetCount)
  }

  /// Loss of a batch, and the gradient of its mean with respect to the adapter.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences with at least one target.
  ///   - adapter: The adapter.
  /// - Returns: The loss, the gradient of `loss.mean` for each layer under the adapter's names, and
  ///   the gradient of the tokens' embeddings, `[tokenCount, D]`.
  public func lossAndGradient(of batch: TokenBatch, adapter: AdapterOperands) -> (
    loss: BatchLoss, adapterGradient: [NamedTensors], embeddingGradient: Tensor
  ) {
    precondition(batch.targetCount > 0, "a gradient of no targets")
    var stream = ends.embed(batch.tokens)
    var tapes: [LayerTape] = []
    for index in layers.indices {
      let result = run(layer: index, stream, batch: batch, adapter: adapter)
      stream = result.output
      tapes.append(result.tape)
    }
    let head = ends.loss(
      rows: stream.gatheredRows(batch.targetRows),
      targets: batch.targetTokens,
      gradientScale: 1 / Float(batch.targetCount)
    )
    var gradient = head.gradient.scatteredRows(to: batch.targetRows, rowCount: batch.rowCount)
    var gradients = [NamedTensors](repeating: NamedTensors(), count: layers.count)
    for index in layers.indices.reversed() {
      // Each tape is released as soon as its layer is done.
      let tape = tapes.removeLast()
      gradients[index] = runBack(
        layer: index,
        &gradient,
        tape: tape,
        batch: batch,
        adapter: adapter
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
    var states = [ends.embed(batch.tokens)]
    for index in layers.indices {
      let output = run(layer: index, states[index], batch: batch, adapter: adapter).output
      states.append(output)
    }
    let places = Array(0..<batch.tokenCount)
    return (
      states.map { $0.gatheredRows(places) }, ends.logits(states[layers.count].gatheredRows(places))
    )
  }

  private func run(
    layer index: Int,
    _ stream: Tensor,
    batch: TokenBatch,
    adapter: AdapterOperands
  ) -> (output: Tensor, tape: LayerTape) {
    layers[index].forward(
      stream,
      adapter: adapter[index],
      rotate: { ends.rotary.rotate(&$0, positions: batch.positions) },
      attend: { ends.attention.forward(q: $0, k: $1, v: $2, segments: batch.segments) }
    )
  }

  private func runBack(
    layer index: Int,
    _ gradient: inout Tensor,
    tape: LayerTape,
    batch: TokenBatch,
    adapter: AdapterOperands
  ) -> NamedTensors {
    layers[index].backward(
      &gradient,
      tape: tape,
      adapter: adapter[index],
      rotateBack: { ends.rotary.rotate(&$0, positions: batch.positions, inverse: true) },
      attentionGradient: { gradient, tape in
        ends.attention.gradient(
          gradient,
          q: tape.q,
          k: tape.k,
          v: tape.v,
          segments: batch.segments
        )
      }
    )
  }
}
