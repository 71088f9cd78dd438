public import DevFTTensor

extension Encoder {
  /// Loss of a batch, and how many classes came out right.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences, each with its class.
  ///   - adapter: The trained tensors.
  /// - Returns: Sum of the losses, and number of sequences.
  public func loss(of batch: TokenBatch, adapter: AdapterOperands) -> BatchLoss {
    var logits = logits(of: batch, adapter: adapter)
    return loss(&logits, batch, gradientScale: 0)
  }

  /// Loss of a batch, and the gradient of its mean with respect to adapter and head.
  ///
  /// The backward pass ends at the lowest trained layer, as a decoder's does; the head's set counts as one
  /// more layer, on top.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences, each with its class.
  ///   - adapter: The trained tensors.
  ///   - recomputation: What the forward pass does not keep; nothing is left out by default.
  ///   - trained: Sets that are trained, at least one, the head's the last; `nil`, the default: all.
  /// - Returns: The loss; the gradient of `loss.mean` for each layer and the head, nothing for frozen ones;
  ///   and the gradient of the lowest trained set's input, `[tokenCount, D]`: of the normalised embeddings
  ///   when that is layer 0.
  public func lossAndGradient(
    of batch: TokenBatch,
    adapter: AdapterOperands,
    recomputation: Recomputation = .never,
    trained: Set<Int>? = nil
  ) -> (loss: BatchLoss, adapterGradient: [NamedTensors], embeddingGradient: Tensor) {
    precondition(batch.targetCount > 0, "a gradient of no targets")
    let trained = trained ?? Set(0...layerCount)
    precondition(trained.isSubset(of: 0...layerCount), "trained sets \(trained) do not exist")
    guard let lowest = trained.min() else { preconditionFailure("no set is trained") }
    let attention = EncoderAttention(attention: ends.attention, segments: batch.segments)
    var tapes: [EncoderLayerTape] = []
    let rows = targetRows(of: batch, attention, adapter) { index, input, inner in
      guard index >= lowest else { return }
      tapes.append(
        EncoderLayerTape(input: input(), inner: recomputation == .never ? inner : nil)
      )
    }
    let head = adapter.outerSet(layerCount)
    var (logits, inner) = ends.head.logits(rows, trained: head)
    let loss = loss(&logits, batch, gradientScale: 1 / Float(batch.targetCount))
    let byHead = ends.head.gradients(logits, rows: rows, inner: inner, trained: head)
    var gradient = byHead.rows.scatteredRows(to: batch.targetRows, rowCount: batch.rowCount)
    var gradients = [NamedTensors](repeating: NamedTensors(), count: layerCount + 1)
    if trained.contains(layerCount) { gradients[layerCount] = byHead.trained }
    for index in (lowest..<layerCount).reversed() {
      var layerGradients: NamedTensors? = trained.contains(index) ? NamedTensors() : nil
      // Each tape is released as soon as its layer is done.
      layers[index].backward(
        &gradient,
        tape: tapes.removeLast(),
        adapter: adapter[index],
        attention: attention,
        gradients: &layerGradients
      )
      gradients[index] = layerGradients ?? NamedTensors()
    }
    return (loss, gradients, gradient.gatheredRows(Array(0..<batch.tokenCount)))
  }

  /// Logits of the classes.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences, each with a class, whichever.
  ///   - adapter: The trained tensors.
  /// - Returns: One row a sequence, `[n, labels]`.
  public func logits(of batch: TokenBatch, adapter: AdapterOperands) -> Tensor {
    let attention = EncoderAttention(attention: ends.attention, segments: batch.segments)
    let rows = targetRows(of: batch, attention, adapter)
    return ends.head.logits(rows, trained: adapter.outerSet(layerCount)).logits
  }

  /// Runs all layers and returns the rows that classes are read off, `[n, D]`.
  private func targetRows(
    of batch: TokenBatch,
    _ attention: EncoderAttention,
    _ adapter: AdapterOperands,
    keep: (_ index: Int, _ input: () -> Matrix, _ inner: EncoderLayerTape.Inner) -> Void = {
      _,
      _,
      _ in
    }
  ) -> Tensor {
    var stream = ends.embed(batch)
    for (index, layer) in layers.enumerated() {
      let input = stream
      let inner = layer.forward(&stream, adapter: adapter[index], attend: attention.attend)
      keep(index, { Matrix(input, precision: layer.precision) }, inner)
    }
    return stream.gatheredRows(batch.targetRows)
  }

  /// Loss of logits, which become its gradient unless the factor is 0.
  private func loss(
    _ logits: inout Tensor,
    _ batch: TokenBatch,
    gradientScale: Float
  ) -> BatchLoss {
    let correct = zip(logits.likeliestColumns, batch.targetTokens).count { $0 == $1 }
    let losses = logits.crossEntropy(targets: batch.targetTokens, gradientScale: gradientScale)
    return BatchLoss(
      sum: losses.reduce(0, +),
      targetCount: batch.targetCount,
      correctCount: correct
    )
  }
}

extension Tensor {
  /// Column of the largest number of each row, the lowest among equals.
  fileprivate var likeliestColumns: [Int32] {
    (0..<rowCount).map { row in
      let numbers = elements[range(ofRow: row)]
      var best = numbers.startIndex
      for index in numbers.indices where numbers[index] > numbers[best] { best = index }
      return Int32(best - numbers.startIndex)
    }
  }
}
