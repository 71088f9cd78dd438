import DevFTFormats
import DevFTModel
import DevFTTensor

/// Resident memory of a training step, by counting what is alive at its two fullest moments.
///
/// These are the loss, when the tape is complete, and the end of the backward pass, when all gradients
/// are there.
struct MemoryEstimate {
  let cost: StepCost
  let plan: MemoryPlan
  /// Tokens of the longest batch.
  let tokenCount: Int

  /// Bytes of the program itself: code, libraries, compiled products, the tokenizer.
  private static let programByteCount = 52 << 20

  /// Resident bytes.
  var byteCount: Int {
    let (adapter, trained) = (cost.adapterParameterCount * 4, cost.trainedParameterCount * 4)
    // Freed rooms of the blocks are too small for the logits.
    let atLoss =
      adapter + 2 * trained + cost.backwardLayerCount * tapeByteCount + headByteCount
      + blockByteCount
    let atEnd = adapter + 3 * trained + tapeByteCount + 2 * blockByteCount
    return Self.programByteCount + baseByteCount + max(atLoss, atEnd)
  }

  /// Bytes of the frozen matrices in memory, embedding and head included.
  var baseByteCount: Int {
    let architecture = cost.architecture
    let head = architecture.vocabularySize * architecture.width
    let layers = cost.capacity * cost.layerParameterCount
    guard plan.weights == .stored, cost.precision != .int8 else {
      return (layers + head) * cost.precision.byteCount
    }
    // The model's own layers stay in the file, and so does the head: only what is multiplied at the
    // moment is resident. Fused ones are kept in 34 bytes for 32 numbers.
    return cost.hasOwnLayers
      ? head : head + layers / 32 * 34
  }

  /// Bytes that the batch leaves on a layer's tape.
  private var tapeByteCount: Int {
    let architecture = cost.architecture
    let queries = architecture.headCount * architecture.headWidth
    let keys = architecture.keyValueHeadCount * architecture.headWidth
    var numbers = 2 * architecture.width
    if plan.recomputation == .never {
      numbers += 2 * queries + 2 * keys + 2 * architecture.feedForwardWidth
      numbers += cost.adapter.targets.count * cost.adapter.rank
    }
    return tokenCount * numbers * operandByteCount
  }

  /// Bytes of one block of logits and of the hidden rows around it.
  private var headByteCount: Int {
    let rows = min(tokenCount, plan.recomputation == .never ? 256 : 128)
    return rows * cost.architecture.vocabularySize * 4 + tokenCount * cost.architecture.width * 16
  }

  /// Bytes that one block of a layer works on.
  private var blockByteCount: Int {
    let architecture = cost.architecture
    return tokenCount * 4 * (3 * architecture.feedForwardWidth + 4 * architecture.width)
  }

  private var operandByteCount: Int { cost.precision.operands.byteCount }
}
