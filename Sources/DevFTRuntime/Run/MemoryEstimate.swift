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
    return Self.programByteCount + baseByteCount + cost.frozenParameterCount * 4
      + max(atLoss, atEnd)
  }

  /// Bytes of the frozen matrices in memory, embedding and head included.
  var baseByteCount: Int {
    let architecture = cost.architecture
    let layers = cost.capacity * cost.layerParameterCount
    if let encoder = architecture.encoder {
      return layerByteCount(layers) + outerByteCount(encoder)
    }
    let head = architecture.vocabularySize * architecture.width
    guard plan.weights == .stored else { return (layers + head) * cost.precision.byteCount }
    // The head stays in the file, of which what is multiplied at the moment is resident; or it is int8.
    return head + layerByteCount(layers)
  }

  /// Bytes of the layers' frozen matrices in memory.
  private func layerByteCount(_ numbers: Int) -> Int {
    guard plan.weights == .stored else { return numbers * cost.precision.byteCount }
    // The model's own layers stay in the file. Fused ones are kept in 34 bytes for 32 numbers, or in int8.
    if cost.hasOwnLayers { return 0 }
    return cost.precision == .int8 ? numbers : numbers / 32 * 34
  }

  /// Bytes around an encoder's layers, all float32; tokens stay in the file, but for the rows of a batch.
  private func outerByteCount(_ encoder: EncoderArchitecture) -> Int {
    let width = cost.architecture.width
    let pooler = encoder.family.trainsHeadInner ? 0 : width
    return (encoder.positionCount + encoder.typeCount + pooler) * width * 4
  }

  /// Bytes that the batch leaves on a layer's tape.
  private var tapeByteCount: Int {
    let architecture = cost.architecture
    let queries = architecture.headCount * architecture.headWidth
    let keys = architecture.keyValueHeadCount * architecture.headWidth
    let isEncoder = architecture.encoder != nil
    // An encoder's layer starts again from its input alone.
    var numbers = isEncoder ? architecture.width : 2 * architecture.width
    if plan.recomputation == .never {
      numbers += 2 * queries + 2 * keys
      // Both sums and the first norm's result stand beside an encoder's activations.
      numbers +=
        isEncoder
        ? 3 * architecture.width + architecture.feedForwardWidth : 2 * architecture.feedForwardWidth
      numbers += cost.adapter.targets.count * cost.adapter.rank
    }
    return tokenCount * numbers * operandByteCount
  }

  /// Bytes of one block of logits and of the hidden rows around it.
  private var headByteCount: Int {
    let stream = tokenCount * cost.architecture.width * 16
    guard cost.architecture.encoder == nil else { return stream }
    let rows = min(tokenCount, plan.recomputation == .never ? 256 : 128)
    return rows * cost.architecture.vocabularySize * 4 + stream
  }

  /// Bytes that one block of a layer works on.
  private var blockByteCount: Int {
    let architecture = cost.architecture
    return tokenCount * 4 * (3 * architecture.feedForwardWidth + 4 * architecture.width)
  }

  private var operandByteCount: Int { cost.precision.operands.byteCount }
}
