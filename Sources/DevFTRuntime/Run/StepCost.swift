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

  /// Bytes of the frozen matrices, embedding and head included.
  var baseByteCount: Int {
    let ends =
      (architecture.tiesEmbeddings ? 1 : 2) * architecture.vocabularySize * architecture.width
    return (capacity * layerParameterCount + ends) * precision.byteCount
  }

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

  /// Resident bytes: weights, tape, adapter with gradient and moments, one block of logits.
  func memoryByteCount(tokenCount: Int) -> Int {
    let adapterBytes = adapterParameterCount * (4 * 4 + precision.byteCount)
    let logits = 128 * architecture.vocabularySize * (4 + precision.byteCount)
    let working = tokenCount * 6 * max(architecture.feedForwardWidth, architecture.width) * 4
    let program = 60 << 20
    return baseByteCount + capacity * tokenCount * tapeByteCount + adapterBytes + logits + working
      + program
  }

  /// Bytes that one token leaves on a layer's tape.
  private var tapeByteCount: Int {
    let queries = architecture.headCount * architecture.headWidth
    let keys = architecture.keyValueHeadCount * architecture.headWidth
    let full = 2 * architecture.width + queries + 2 * keys + 2 * architecture.feedForwardWidth
    let operands = 2 * architecture.width + queries + architecture.feedForwardWidth
    return 4 * (full + adapter.targets.count * adapter.rank) + precision.byteCount * operands
  }

  private var layerParameterCount: Int {
    Projection.allCases.reduce(0) {
      $0 + $1.inputWidth(in: architecture) * $1.outputWidth(in: architecture)
    }
  }

  private var adapterWidths: Int {
    adapter.targets.reduce(0) {
      $0 + $1.inputWidth(in: architecture) + $1.outputWidth(in: architecture)
    }
  }
}
