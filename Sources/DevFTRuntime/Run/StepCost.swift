import DevFTFederation
import DevFTFormats
import DevFTTensor

/// What one training step of a submodel costs, by counting.
struct StepCost {
  let architecture: ModelArchitecture
  /// Layers that run.
  let capacity: Int
  /// Layers that the backward pass goes through: from the lowest trained one up.
  let backwardLayerCount: Int
  /// Layers whose adapters are trained.
  let trainedLayerCount: Int
  /// Whether every layer is one of the model's own, which can stay in its file.
  let hasOwnLayers: Bool
  let adapter: DevFTFormats.LoRAConfiguration
  /// Classes that an encoder tells apart; 0 for a decoder.
  let classCount: Int
  let precision: Precision
  /// Rank of the pairs that are trained: the adapter's, unless a client has its own.
  var rank: Int
  /// Rank of frozen pairs beside them.
  var frozenRank = 0

  /// Counts a submodel of which all is trained.
  init(
    architecture: ModelArchitecture,
    capacity: Int,
    adapter: DevFTFormats.LoRAConfiguration,
    classCount: Int = 0,
    precision: Precision
  ) {
    self.architecture = architecture
    self.capacity = capacity
    backwardLayerCount = capacity
    trainedLayerCount = capacity
    hasOwnLayers = capacity == architecture.layerCount
    self.adapter = adapter
    self.classCount = classCount
    self.precision = precision
    rank = adapter.rank
  }

  /// Counts some layers of the model.
  init(
    architecture: ModelArchitecture,
    layers: LayerSelection,
    adapter: DevFTFormats.LoRAConfiguration,
    classCount: Int = 0,
    precision: Precision
  ) {
    self.architecture = architecture
    capacity = layers.present.count
    backwardLayerCount = layers.backwardLayerCount
    trainedLayerCount = layers.trained.count
    hasOwnLayers = true
    self.adapter = adapter
    self.classCount = classCount
    self.precision = precision
    rank = adapter.rank
  }

  /// Numbers of the adapter of all layers that run, and of an encoder's head.
  var adapterParameterCount: Int { capacity * layerAdapterCount + headParameterCount }

  /// Numbers of adapter and head that are trained.
  var trainedParameterCount: Int { trainedLayerCount * layerAdapterCount + headParameterCount }

  /// Numbers of the frozen pairs of all layers that run; a pair above full rank is multiplied out.
  var frozenParameterCount: Int {
    capacity
      * adapter.targets.reduce(0) { sum, projection in
        let widths = [
          projection.inputWidth(in: architecture), projection.outputWidth(in: architecture),
        ]
        return sum + min(frozenRank, widths.min() ?? 0) * widths.reduce(0, +)
      }
  }

  /// Multiplications and additions of forward and backward pass.
  ///
  /// Frozen matrices: `2 P` a token for values, and as many for gradients of values as far as the backward
  /// pass goes; adapters: the same, and once more for the gradients of those that are trained;
  /// attention: its products forward, and two and a half times as much backward; the head: see
  /// `headOperations`, for each target.
  ///
  /// - Parameters:
  ///   - tokenCount: Tokens of the batch.
  ///   - targetCount: Those that are predicted.
  ///   - squaredLengths: Sum over the sequences of the square of their length.
  /// - Returns: The operations.
  func operations(tokenCount: Int, targetCount: Int, squaredLengths: Int) -> Double {
    let attention = Double(2 * architecture.headCount * architecture.headWidth * squaredLengths)
    return productOperations(tokenCount: tokenCount, targetCount: targetCount)
      + (Double(capacity) + 2.5 * Double(backwardLayerCount)) * attention
  }

  /// The part of `operations` that matrix products with weights make up: all but attention.
  func productOperations(tokenCount: Int, targetCount: Int) -> Double {
    let (tokens, passes) = (Double(tokenCount), capacity + backwardLayerCount)
    let layers = tokens * Double(passes * 2 * layerParameterCount)
    let ranks = (passes + trainedLayerCount) * rank + passes * frozenRank
    let adapters = tokens * Double(ranks * 2 * adapterWidths)
    return layers + adapters + Double(targetCount) * headOperations
  }

  var layerParameterCount: Int {
    architecture.projections.reduce(0) {
      $0 + $1.inputWidth(in: architecture) * $1.outputWidth(in: architecture)
    }
  }

  private var layerAdapterCount: Int { rank * adapterWidths }

  private var adapterWidths: Int {
    adapter.targets.reduce(0) {
      $0 + $1.inputWidth(in: architecture) + $1.outputWidth(in: architecture)
    }
  }
}
