package import DevFTTensor

extension Decoder {
  /// Visits the residual stream after the embedding and after each layer.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences.
  ///   - adapter: The adapter.
  ///   - visit: Called `L + 1` times with a stream, `[tokenCount, D]`.
  package func visitStreams(
    of batch: TokenBatch,
    adapter: AdapterOperands,
    _ visit: (_ stream: Tensor) -> Void
  ) {
    let (context, places) = (ends.context(of: batch), Array(0..<batch.tokenCount))
    var stream = ends.embed(batch.tokens)
    visit(stream.gatheredRows(places))
    for index in layers.indices {
      run(layer: index, &stream, context: context, adapter: adapter)
      visit(stream.gatheredRows(places))
    }
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
    var states: [Tensor] = []
    visitStreams(of: batch, adapter: adapter) { states.append($0) }
    return (states, ends.logits(states[layers.count]))
  }
}
