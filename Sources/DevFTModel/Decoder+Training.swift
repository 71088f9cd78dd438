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
  /// The backward pass ends at the lowest trained layer: layers below it run forward only and leave nothing
  /// on the tape, frozen ones above it pass the gradient on and have none of their own. What is trained has
  /// the gradient, to the bit, that it has when all layers are trained. With a chain in the adapter, the gradient is
  /// that of the mean loss plus the chain's; the loss that is returned has no part of it.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences with at least one target.
  ///   - adapter: The adapter.
  ///   - recomputation: What the forward pass does not keep; nothing is left out by default.
  ///   - trained: Layers whose adapter is trained, at least one; `nil`, the default: all.
  /// - Returns: The loss; the gradient of `loss.mean` for each layer under the adapter's names, nothing for
  ///   frozen layers; and the gradient of the lowest trained layer's input, `[tokenCount, D]`: of the
  ///   tokens' embeddings when that is layer 0.
  public func lossAndGradient(
    of batch: TokenBatch,
    adapter: AdapterOperands,
    recomputation: Recomputation = .never,
    trained: Set<Int>? = nil
  ) -> (loss: BatchLoss, adapterGradient: [NamedTensors], embeddingGradient: Tensor) {
    precondition(batch.targetCount > 0, "a gradient of no targets")
    let trained = trained ?? Set(layers.indices)
    precondition(trained.isSubset(of: layers.indices), "trained layers \(trained) do not exist")
    guard let lowest = trained.min() else { preconditionFailure("no layer is trained") }
    let context = ends.context(of: batch)
    var (targetRows, tapes) = forward(
      of: batch,
      keepingFrom: lowest,
      adapter: adapter,
      recomputation: recomputation
    )
    let head = ends.loss(
      rows: targetRows,
      targets: batch.targetTokens,
      gradientScale: 1 / Float(batch.targetCount),
      recomputation: recomputation
    )
    var rowGradient = head.gradient
    if let chain = adapter.chain {
      let further = chain.gradient(of: targetRows) { rows in
        ends.loss(
          rows: rows,
          targets: batch.targetTokens,
          gradientScale: 1 / Float(batch.targetCount),
          recomputation: recomputation
        ).gradient
      }
      rowGradient.add(further)
    }
    var gradient = rowGradient.scatteredRows(to: batch.targetRows, rowCount: batch.rowCount)
    var gradients = [NamedTensors](repeating: NamedTensors(), count: layers.count)
    for index in (lowest..<layers.count).reversed() {
      // Each tape is released as soon as its layer is done.
      let tape = tapes.removeLast()
      var layerGradients: NamedTensors? = trained.contains(index) ? NamedTensors() : nil
      layers[index].backward(
        &gradient,
        tape: tape,
        adapter: adapter[index],
        context: context,
        gradients: &layerGradients
      )
      gradients[index] = layerGradients ?? NamedTensors()
    }
    let loss = BatchLoss(sum: head.sum, targetCount: batch.targetCount)
    return (loss, gradients, gradient.gatheredRows(Array(0..<batch.tokenCount)))
  }

  /// Runs all layers and keeps the tapes of the upper ones.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences.
  ///   - lowest: The lowest layer whose tape is kept.
  ///   - adapter: The adapter.
  ///   - recomputation: What the tapes leave out.
  /// - Returns: Residual stream of the rows that have targets, `[n, D]`, and the tapes from `lowest` up.
  func forward(
    of batch: TokenBatch,
    keepingFrom lowest: Int,
    adapter: AdapterOperands,
    recomputation: Recomputation
  ) -> (targetRows: Tensor, tapes: [LayerTape]) {
    let context = ends.context(of: batch)
    var tapes: [LayerTape] = []
    let rows = targetRows(of: batch) { index, stream in
      guard index >= lowest else {
        return run(layer: index, &stream, context: context, adapter: adapter)
      }
      tapes.append(
        layers[index].forward(
          &stream,
          adapter: adapter[index],
          context: context,
          recomputation: recomputation
        )
      )
    }
    return (rows, tapes)
  }

  /// Runs one layer and keeps nothing.
  func run(
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
