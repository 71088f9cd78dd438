import DevFTFederation
import DevFTModel
import DevFTTensor
import DevFTTraining

extension LocalClientTrainer {
  /// How a step of a client that trains a hypernetwork makes the model's adapter: for the shares of the classes in
  /// its batch.
  ///
  /// - Parameters:
  ///   - task: The client's task, with the network and its centroids.
  ///   - sequences: The client's examples.
  /// - Returns: What makes an adapter from the network and the indices of a batch.
  func generation(
    _ task: ClientTask,
    _ sequences: [TokenBatch.Sequence]
  ) -> @Sendable ([NamedTensors], [Int]) -> StepRule.Generated {
    let start = HyperNetwork(task.adapter)
    let classes = sequences.map { sequence in
      sequence.label.map(Int.init)
        ?? (decoder as? Decoder).map {
          start.nearestClass(to: $0.promptFeatures(of: sequence.prompt.tokens))
        } ?? 0
    }
    return { trained, batch in
      let network = HyperNetwork(trained)
      let shares = network.shares(of: batch.map { classes[$0] })
      return (network.adapter(shares: shares), { network.gradient(of: $0, shares: shares) })
    }
  }
}
