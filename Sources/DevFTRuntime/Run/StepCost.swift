import DevFTFormats
import DevFTTensor

/// What one training step of a submodel costs, by counting.
struct StepCost {
  let architecture: ModelArchitecture
  let capacity: Int
  let adapter: DevFTFormats.LoRAConfiguration
  let precision: Precision

  /// Numbers of the adapter.
  var adapterParameterCount: Int { capacity * adapterWidths * adapter.rank }

  /// Multiplications and additions of forward and backward pass.
  ///
  /// Frozen matrices: `2 · 2 P` a token (values, then gradients of values); adapters: `3 · 2 P`, since
  /// theirs have gradients too; attention: three and a half times its forward products; the head:
  /// `2 · 2 V D` for each target.
  func operations(tokenCount: Int, targetCount: Int, sequenceLength: Int) -> Double {
    let attention = Double(2 * architecture.headCount * architecture.headWidth * sequenceLength)
    return productOperations(tokenCount: tokenCount, targetCount: targetCount)
      + 3.5 * Double(capacity) * Double(tokenCount) * attention
  }

  /// The part of `operations` that matrix products with weights make up: all but attention.
  func productOperations(tokenCount: Int, targetCount: Int) -> Double {
    let tokens = Double(tokenCount)
    let layers = Double(capacity) * tokens * Double(4 * layerParameterCount)
    let head = Double(4 * targetCount * architecture.vocabularySize) * Double(architecture.width)
    return layers + 6 * tokens * Double(adapterParameterCount) + head
  }

  var layerParameterCount: Int {
    architecture.projections.reduce(0) {
      $0 + $1.inputWidth(in: architecture) * $1.outputWidth(in: architecture)
    }
  }

  private var adapterWidths: Int {
    adapter.targets.reduce(0) {
      $0 + $1.inputWidth(in: architecture) + $1.outputWidth(in: architecture)
    }
  }
}
