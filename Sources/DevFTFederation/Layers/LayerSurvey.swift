public import DevFTTensor

/// What the server can find out about a model and public prompts before the first round.
///
/// Law: answers depend on model, data, configuration and seed alone.
public protocol LayerSurvey {
  /// Groups layers whose outputs on public prompts are alike.
  ///
  /// - Parameter count: Number of groups, at least 1 and at most one a layer.
  /// - Returns: The layers of each group: together each layer of the model once.
  /// - Throws: When the prompts cannot be read or the layers cannot be grouped.
  func groups(count: Int) throws -> [[Int]]

  /// How alike each layer's output is to its input, on the data of the first round's clients.
  ///
  /// - Returns: Linear CKA in `0 ... 1` of each layer, the mean over the clients.
  /// - Throws: When the model cannot be read.
  func passThrough() throws -> [Double]

  /// Groups public prompts by what they are about.
  ///
  /// - Parameter count: Number of clusters, at least 1.
  /// - Returns: The middle of each cluster, `[count, D]`, of the features that clients find of their examples.
  /// - Throws: When there are fewer prompts than clusters, or the model cannot be read.
  func promptCentroids(count: Int) throws -> Tensor
}
