/// What an encoder has beyond the sizes of its layers.
public struct EncoderArchitecture: Codable, Equatable, Sendable {
  /// Spelling and head.
  public var family: EncoderFamily
  /// Rows of the table of positions.
  public var positionCount: Int
  /// Row of a sequence's first token in that table.
  public var firstPosition: Int
  /// Rows of the table of segments, at least 1.
  public var typeCount: Int
  /// Names of the classes; none when the file does not say.
  public var labels: [String]
  /// Classes of the head in the file; `nil` when it has none.
  public var headLabelCount: Int?

  /// Describes an encoder.
  ///
  /// - Parameters:
  ///   - family: Spelling and head.
  ///   - positionCount: Rows of the table of positions.
  ///   - firstPosition: Row of a sequence's first token in that table.
  ///   - typeCount: Rows of the table of segments, at least 1.
  ///   - labels: Names of the classes; none when the file does not say.
  ///   - headLabelCount: Classes of the head in the file; `nil` when it has none.
  public init(
    family: EncoderFamily,
    positionCount: Int,
    firstPosition: Int,
    typeCount: Int,
    labels: [String] = [],
    headLabelCount: Int? = nil
  ) {
    self.family = family
    self.positionCount = positionCount
    self.firstPosition = firstPosition
    self.typeCount = typeCount
    self.labels = labels
    self.headLabelCount = headLabelCount
  }
}

/// Names of an encoder's tensors outside the layers, without the family's prefix.
public enum EncoderTensorName {
  /// Token embedding, `[V, D]`.
  public static let tokens = "embeddings.word_embeddings.weight"
  /// Embedding of positions, `[positions, D]`.
  public static let positions = "embeddings.position_embeddings.weight"
  /// Embedding of segments, `[types, D]`.
  public static let types = "embeddings.token_type_embeddings.weight"
  /// Weight of the norm over the sum of the three, `[D]`.
  public static let normGain = "embeddings.LayerNorm.weight"
  /// Bias of that norm, `[D]`.
  public static let normBias = "embeddings.LayerNorm.bias"
}

extension EncoderFamily {
  /// Name of the map from the first token's row to the head's inner row, `[D, D]`, without `.weight`.
  public var headInner: String { self == .bert ? "pooler.dense" : "classifier.dense" }

  /// Name of the map from there to the classes, `[labels, D]`, without `.weight`.
  public var headOutput: String { self == .bert ? "classifier" : "classifier.out_proj" }

  /// Whether the inner map is trained with the head; BERT's pooler belongs to the base.
  public var trainsHeadInner: Bool { self == .roberta }

  /// Shapes of the head's trained tensors by name.
  ///
  /// - Parameters:
  ///   - width: Length of the residual stream.
  ///   - labelCount: Number of classes.
  /// - Returns: Weights and biases.
  public func headShapes(width: Int, labelCount: Int) -> [String: [Int]] {
    var shapes = [
      "\(headOutput).weight": [labelCount, width], "\(headOutput).bias": [labelCount],
    ]
    if trainsHeadInner {
      shapes["\(headInner).weight"] = [width, width]
      shapes["\(headInner).bias"] = [width]
    }
    return shapes
  }
}

extension ModelArchitecture {
  /// Shapes of an encoder's tensors outside the layers.
  func outerTensorShapes(of encoder: EncoderArchitecture) -> [String: [Int]] {
    var shapes = [
      EncoderTensorName.tokens: [vocabularySize, width],
      EncoderTensorName.positions: [encoder.positionCount, width],
      EncoderTensorName.types: [encoder.typeCount, width],
      EncoderTensorName.normGain: [width], EncoderTensorName.normBias: [width],
    ]
    let family = encoder.family
    if !family.trainsHeadInner {
      shapes["\(family.headInner).weight"] = [width, width]
      shapes["\(family.headInner).bias"] = [width]
    }
    if let count = encoder.headLabelCount {
      shapes.merge(family.headShapes(width: width, labelCount: count)) { first, _ in first }
    }
    return shapes
  }
}
